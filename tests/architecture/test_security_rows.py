"""What breaks print servers, row by row, and the tests that show that it does not break this one.

A row names the tests that show it. One that was renamed or removed leaves its row with less than it had, and is missed
here.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]

ROWS: dict[str, dict[str, tuple[str, ...]]] = {
    "S1 a set-up page hands out a session": {
        "unit/doors/test_door_operators.py": (
            "test_operation_by_role",
            "test_nothing_was_done_for_those_who_may_not",
            "test_all_operations_are_told",
        ),
        "unit/doors/test_door_hostile.py": ("test_there_is_nothing_to_set_up_from_afar",),
    },
    "S2 authentication skipped by the shape of a request": {
        "unit/doors/test_door_operators.py": (
            "test_what_is_not_one_sound_header_proves_nothing",
            "test_no_header_makes_a_connection_secure_or_somebody_an_operator",
            "test_the_path_of_the_request_changes_nothing",
            "test_credentials_over_plain_ipp_are_refused_and_not_looked_at",
            "test_an_endless_header_is_not_read",
        ),
        "unit/doors/test_door_hostile.py": ("test_an_odd_path_points_to_nothing",),
        "unit/doors/test_door_printer.py": ("test_any_other_path_is_not_found",),
        "unit/identity/test_operators.py": ("test_unknown_names_take_as_long_as_wrong_passwords",),
        "architecture/test_secrets.py": ("test_what_proves_somebody_is_never_compared_octet_by_octet",),
    },
    "S3 scripts of administrators run code": {
        "unit/policy/test_hostile_conditions.py": (
            "test_a_hostile_condition_is_refused_before_the_engine_sees_it_and_at_once",
            "test_nothing_of_the_python_beneath_can_be_reached_from_a_fact",
        ),
    },
    "S5 the server is made to call an address": {
        "unit/doors/test_door_wire.py": ("test_an_operation_that_is_left_out_on_purpose_says_why",),
        "unit/transport/test_address.py": ("test_a_good_uri_is_read", "test_anything_else_is_refused_with_a_sentence"),
        "unit/transport/test_open_transport.py": ("test_any_other_scheme_is_refused_with_a_sentence",),
        "unit/transport/test_lookup.py": ("test_a_name_is_looked_up_once",),
        "integration/device/test_device_fleet.py": ("test_an_address_that_is_never_called_is_refused",),
        "adversity/transport/test_ipp_device_lies.py": ("test_a_redirect_is_refused_and_nobody_else_is_called",),
    },
    "S6 headers and arguments injected": {
        "unit/doors/test_door_hostile.py": (
            "test_no_word_of_a_client_becomes_a_header_of_an_answer",
            "test_a_header_of_an_answer_is_one_line_or_none",
        ),
        "unit/transport/test_hostile_words.py": (
            "test_no_address_adds_a_header_to_a_request",
            "test_the_head_of_a_request_has_the_gates_own_lines_alone",
        ),
        "unit/transport/test_lpd_job.py": (
            "test_what_a_line_or_a_shell_would_take_for_its_own_is_an_underscore",
            "test_no_name_user_or_host_adds_a_line_or_outgrows_its_limit",
        ),
        "unit/convert/test_convert_arguments.py": ("test_no_word_of_a_client_is_an_argument_of_a_filter",),
        "architecture/test_secrets.py": ("test_programs_are_started_without_a_shell",),
    },
    "S7 attributes flow into PJL": {
        "unit/document/test_pjl.py": (
            "test_no_name_or_user_adds_a_line_or_ends_a_string",
            "test_whatever_a_ticket_holds_each_line_is_one_that_is_known",
        ),
    },
    "S9 a device's replies attack": {
        "adversity/transport/test_ipp_device_lies.py": (
            "test_strings_of_a_device_come_out_plain",
            "test_an_endless_answer_is_read_to_its_own_end_and_then_cut",
            "test_no_answer_however_broken_ends_in_another_error_than_the_ports_own",
        ),
    },
    "S10 discovery adds printers by itself": {
        "architecture/test_secrets.py": ("test_nothing_looks_for_announcements",),
        "acceptance/test_what_listens.py": ("test_a_gate_listens_where_it_is_told_and_nowhere_else",),
    },
    "S11 faults of the decoder": {
        "property/ipp/test_ipp_decoder_properties.py": (
            "test_any_octets_are_a_message_or_a_decode_error_however_they_are_split",
            "test_octets_survive_decoding_and_encoding",
            "test_octets_that_drip_cost_a_bounded_number_of_steps_each",
        ),
        "fuzz/test_fuzz_decoder.py": ("test_short_fuzz_run_finds_nothing",),
        "unit/ipp/test_ipp_decoder.py": ("test_message_cut_anywhere_is_a_bad_request",),
        "unit/doors/test_door_wire.py": ("test_a_request_that_is_not_proper_gets_its_exact_status_and_a_sentence",),
    },
    "S12 unbounded nesting": {
        "property/ipp/test_ipp_decoder_properties.py": ("test_depth_beyond_the_limit_is_refused_before_it_is_built",),
        "unit/ipp/test_ipp_decoder.py": (
            "test_limit_admits_what_reaches_it_and_refuses_one_more",
            "test_defaults_are_those_of_the_security_table",
            "test_stream_of_values_without_end_is_cut_at_the_header_limit",
        ),
    },
    "S13 decompression bombs": {
        "unit/doors/test_door_http.py": (
            "test_a_content_coding_is_not_undone",
            "test_a_bomb_is_stopped_while_it_grows",
        ),
        "unit/intake/test_inflate.py": (
            "test_what_comes_out_is_charged_to_the_limit",
            "test_what_grows_beyond_all_reason_is_stopped_early",
            "test_what_is_packed_twice_is_an_error",
            "test_a_stream_that_is_cut_anywhere_is_an_error",
            "test_what_follows_the_end_is_an_error",
        ),
    },
    "S14 request smuggling": {
        "unit/doors/test_door_http.py": (
            "test_an_ambiguous_request_is_refused_and_the_connection_closed",
            "test_broken_chunks_end_the_document_and_the_connection",
            "test_chunks_split_anywhere_are_put_together",
        ),
    },
    "S15 slow clients": {
        "unit/doors/test_door_deadlines.py": (
            "test_a_head_that_does_not_end_is_answered_and_closed",
            "test_silence_in_the_middle_of_a_document_ends_it",
            "test_a_document_that_drips_is_ended",
            "test_too_many_connections_from_one_address_are_turned_away",
            "test_hundreds_of_dripping_clients_do_not_slow_a_good_one",
        ),
        "unit/doors/test_door_tls.py": ("test_a_handshake_that_stalls_is_cut_in_time",),
        "adversity/server/test_clients_misbehave.py": ("test_dripping_clients_do_not_keep_a_good_one_waiting",),
    },
    "S16 size checked too late": {
        "unit/doors/test_door_http.py": (
            "test_a_document_that_is_announced_too_large_is_not_read",
            "test_a_document_that_turns_out_too_large_is_cut",
            "test_a_document_that_turns_out_too_large_on_the_way_leaves_no_job",
        ),
        "integration/spool/test_spool_memory.py": ("test_a_gigabyte_goes_in_and_out_through_a_few_megabytes",),
    },
    "S17 full disk, full table": {
        "unit/intake/test_allowance.py": (
            "test_octets_are_refused_when_announced_and_cut_when_they_come",
            "test_a_person_has_so_many_jobs_and_others_have_their_own",
            "test_whoever_brings_ever_new_names_fills_no_memory",
        ),
        "unit/doors/test_door_allowance.py": (
            "test_a_document_that_is_announced_and_has_no_room_is_refused_before_it_is_read",
            "test_the_printer_says_that_its_spool_is_full",
        ),
        "integration/intake/test_intake_allowance.py": (
            "test_several_workers_hold_a_person_to_one_bound_once_they_have_counted",
            "test_a_document_that_grows_beyond_is_cut_and_leaves_no_object",
            "test_a_disk_that_is_nearly_full_takes_nothing",
        ),
        "integration/spool/test_spool_sweeping.py": (
            "test_killed_writers_leave_nothing_once_their_time_is_over",
            "test_a_job_that_ends_while_its_document_begins_leaves_it_to_the_sweeper",
        ),
    },
    "S18 whose job it is": {
        "unit/model/test_owner.py": (
            "test_each_way_to_write_a_name_is_the_owner_that_the_rule_says",
            "test_the_proven_name_wins_and_is_mapped_the_same_way",
            "test_nobody_becomes_the_owner_of_what_waits_to_be_claimed_by_its_name",
        ),
        "unit/doors/test_door_callers.py": ("test_the_proven_name_wins_and_what_was_said_is_kept",),
        "unit/doors/test_door_operators.py": ("test_the_proven_name_wins_over_the_one_that_is_said",),
        "unit/doors/test_door_owners.py": (
            "test_what_one_name_printed_another_way_to_write_it_lists_changes_and_cancels",
            "test_look_alikes_are_other_people",
            "test_who_is_nobody_waits_to_be_claimed_and_is_known_by_the_client_alone",
        ),
        "integration/hold/test_hold_claims.py": (
            "test_nobody_releases_what_is_nobodys",
            "test_the_database_lets_it_go_nowhere",
        ),
        "unit/doors/test_door_logins.py": ("test_what_was_proven_wins_over_requesting_user_name",),
    },
    "S19 other people's documents": {
        "unit/doors/test_door_privacy.py": (
            "test_no_operation_hands_out_a_document",
            "test_no_page_hands_out_a_document_or_a_title",
            "test_others_see_no_titles_however_they_ask",
            "test_in_privacy_mode_an_operator_has_to_ask_and_that_is_written_down",
        ),
    },
    "S20 ids guessed": {
        "unit/doors/test_door_jobs.py": ("test_somebody_elses_job_is_not_touched",),
        "unit/doors/test_door_delegates.py": (
            "test_everything_else_is_its_owner_s",
            "test_nobody_else_s_job_is_there_and_none_for_whoever_stands_for_nobody_any_more",
        ),
        "integration/identity/test_delegates.py": (
            "test_who_stands_for_nobody_or_no_more_releases_nothing_from_that_moment_on",
            "test_a_delegate_neither_cancels_holds_nor_changes_it",
        ),
        "unit/doors/test_door_logins.py": ("test_a_panels_session_is_good_at_its_device_alone",),
        "integration/identity/test_cards.py": ("test_neither_numbers_nor_codes_nor_pins_are_in_the_database",),
        "integration/identity/test_enrolment.py": ("test_a_code_is_not_in_the_database_nor_in_the_log",),
        "integration/identity/test_taps.py": ("test_neither_number_nor_token_lies_in_the_database_or_in_the_log",),
        "integration/identity/test_people.py": ("test_a_password_is_kept_as_argon2id_and_taken_away_again",),
        "integration/identity/test_sessions.py": ("test_a_token_is_good_for_its_session_alone",),
    },
    "S21 passwords, PINs and cards guessed": {
        "unit/identity/test_patience.py": (
            "test_a_source_waits_whatever_name_it_tries",
            "test_a_name_that_is_guessed_at_from_everywhere_is_slowed_but_not_where_it_was_proven_before",
        ),
        "integration/identity/test_logins.py": (
            "test_guessing_at_a_device_is_slowed_for_its_source_alone",
            "test_guessing_from_everywhere_slows_a_device_and_not_who_was_good_there",
            "test_somebodys_own_logins_do_not_pay_for_their_guesses",
            "test_counted_numbers_are_noticed_and_no_secret_is_noted",
        ),
        "integration/identity/test_cards.py": ("test_guessing_at_codes_is_slowed_for_its_source_alone",),
        "integration/identity/test_taps.py": ("test_guessed_cards_slow_their_reader_and_say_for_how_long",),
        "integration/identity/test_enrolment.py": (
            "test_guessing_is_slowed_for_its_source_and_in_all_and_keeps_nobody_else_out_for_long",
        ),
    },
    "S22 who there is, by answer or time": {
        "unit/identity/test_operators.py": ("test_unknown_names_take_as_long_as_wrong_passwords",),
        "unit/doors/test_door_logins.py": ("test_whatever_is_not_good_is_challenged_and_told_the_same",),
    },
    "S25 shared or default secrets": {
        "unit/spool/test_keys.py": ("test_two_fresh_gates_share_no_key",),
        "integration/identity/test_enrolment.py": (
            "test_whoever_brings_the_code_is_that_station_once",
            "test_of_those_who_come_with_a_code_at_once_one_is_the_station",
        ),
        "integration/packaging/test_wheel.py": ("test_the_wheel_carries_what_it_needs_and_no_secret",),
    },
    "S28 forged logs": {
        "unit/observe/test_observe_log.py": (
            "test_hostile_text_stays_visible_on_its_one_line",
            "test_long_values_are_cut_and_say_by_how_much",
            "test_an_unexpected_error_is_found_by_its_id_and_its_trace_cannot_pass_for_a_line",
            "test_what_libraries_log_goes_the_same_way",
        ),
        "unit/doors/test_door_hostile.py": ("test_no_word_of_a_client_forges_a_line_of_the_log",),
    },
    "S29 card readers spoofed": {
        "integration/identity/test_readers.py": (
            "test_nothing_but_its_token_is_a_readers",
            "test_a_certificate_is_one_readers_and_takes_the_place_of_a_token",
            "test_guessing_at_tokens_slows_its_source_and_not_where_the_reader_is",
            "test_a_tap_prints_once_and_played_again_counts_for_nothing_in_any_worker",
            "test_the_last_connection_of_a_reader_is_the_good_one",
            "test_a_flood_is_refused_before_it_costs_anything",
        ),
        "integration/doors/test_reader_door.py": (
            "test_who_does_not_say_who_it_is_is_sent_away",
            "test_a_tap_that_is_played_again_is_refused_on_any_connection",
            "test_a_second_connection_takes_the_place_of_the_first",
            "test_a_flood_is_told_to_wait_and_never_reaches_a_person_s_jobs",
            "test_guessed_tokens_are_slowed",
            "test_a_line_without_end_ends_the_connection",
            "test_half_a_line_does_nothing_and_is_not_waited_for_for_ever",
        ),
        "acceptance/test_card_readers.py": ("test_a_tap_and_paper_over_tls_once_and_again_after_a_crash",),
        "unit/config/test_config_load.py": ("test_readers_go_plain_over_the_network_only_where_it_is_said",),
    },
    "S30 unlimited subscriptions and events": {
        "integration/store/test_store_notices.py": (
            "test_there_is_room_for_so_many_however_many_come_at_once",
            "test_a_job_has_so_many",
            "test_a_lease_that_is_over_hears_nothing_more",
            "test_the_oldest_notices_fall_away",
            "test_no_more_are_told_at_once_than_that",
        ),
        "unit/doors/test_door_notifications.py": (
            "test_nobody_waits_longer_than_the_bound",
            "test_who_finds_no_seat_is_answered_at_once_and_comes_back_later",
            "test_notices_of_others_are_not_told",
        ),
        "adversity/server/test_notices_are_fetched.py": ("test_hundreds_who_wait_are_bounded_and_each_is_counted",),
    },
    "S31 languages and charsets": {
        "unit/doors/test_door_wire.py": (
            "test_a_request_that_is_not_proper_gets_its_exact_status_and_a_sentence",
            "test_a_language_that_nobody_speaks_is_no_error",
            "test_an_unsupported_charset_is_named_and_answered_in_utf_8",
            "test_a_client_of_us_ascii_is_answered_in_us_ascii",
        ),
    },
}

OWED = ("S1", "S2", "S5", "S6", *(f"S{number}" for number in range(10, 20)), "S28", "S29", "S30", "S31")
"""Rows that must be here, whatever else is."""


@cache
def functions_of(file: str) -> frozenset[str]:
    """The test functions of a file."""
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(node.name for node in functions if node.name.startswith("test_"))


@pytest.mark.parametrize("row", ROWS)
def test_every_test_that_a_row_names_is_there(row: str) -> None:
    for file, names in ROWS[row].items():
        assert (TESTS / file).is_file(), file
        assert names, f"{row}: which tests of {file}?"
        assert set(names) <= functions_of(file), (file, set(names) - functions_of(file))


def test_every_row_that_is_owed_has_tests() -> None:
    assert {row.split(" ")[0] for row in ROWS} >= set(OWED)
