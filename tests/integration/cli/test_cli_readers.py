"""`ippgate reader …` and `ippgate station enrol` as an operator types them."""

from tests.integration.cli.conftest import Operator


async def test_a_readers_life_at_the_command_line(operator: Operator) -> None:
    await operator("db", "migrate")
    for device in ("copier", "plotter"):
        await operator("device", "add", device, "socket://127.0.0.1:9", "--force")
    code = await operator.json("station", "enrol", "panel", "--device", "copier")
    [awaited] = await operator.json("station", "list")
    assert (awaited["name"], awaited["devices"], awaited["code_until"]) == ("panel", ["copier"], code["until"])
    await operator("station", "add", "wall", "--device", "copier")
    done = await operator("reader", "add", "hall", "--device", "copier", "--alone", "--profile", "decimal,octets=4")
    token = done.out.splitlines()[-1]
    assert token.startswith("reader~hall~")
    beside = await operator.json("reader", "set", "hall", "--station", "wall", "--profile", "device")
    assert (beside["station"], beside["alone"], beside["profile"]) == ("wall", False, "as its device says")
    assert "does not stand at plotter" in await operator.refused("reader", "set", "hall", "--device", "plotter")
    moved = await operator.json("reader", "set", "hall", "--device", "plotter", "--alone")
    assert (moved["device"], moved["station"], moved["alone"]) == ("plotter", None, True)
    renewed = await operator.json("reader", "renew", "hall")
    assert renewed["token"] != token
    listed = await operator("reader", "list")
    assert "hall" in listed.out
    assert renewed["token"] not in listed.out
    await operator("reader", "remove", "hall")
    assert "there is no reader hall" in await operator.refused("reader", "remove", "hall")
