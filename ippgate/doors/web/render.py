"""Templates → pages. Every value is escaped, whoever wrote it (SECURITY S23); what a page does not know is an error."""

from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from ippgate.doors.web.assets import Assets
from ippgate.doors.web.language import Language

_CACHED: Final = 400


class Pages:
    """The templates, each compiled once for each language."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets
        self._environments: dict[str, Environment] = {}

    def render(self, template: str, language: Language, **values: object) -> str:
        """A page. values: what the template speaks of."""
        return self._template(template, language).render(**values)

    def _template(self, name: str, language: Language) -> Template:
        environment = self._environments.get(language.tag)
        if environment is None:
            environment = self._environments[language.tag] = self._environment(language)
        return environment.get_template(name)

    def _environment(self, language: Language) -> Environment:
        made = Environment(
            loader=PackageLoader("ippgate.doors.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=_CACHED,
            extensions=["jinja2.ext.i18n"],
        )
        made.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
            language.words.ugettext, language.words.ungettext, newstyle=True
        )
        made.policies["ext.i18n.trimmed"] = True
        made.globals.update(
            asset=self._assets.path,
            language=language,
            when=language.when,
            day=language.day,
            count=language.count,
            octets=language.octets,
        )
        return made
