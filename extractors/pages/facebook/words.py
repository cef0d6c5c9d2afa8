"""What Facebook's pages say in place of a post, by language, and the marks that its pages carry. Vocabulary only."""

from __future__ import annotations

import re

from extractors.fallbacks import rules

NO_TITLE = re.compile(
    r"^(?:\(\d+\)\s*)?(?:facebook|log in.*|bei facebook anmelden|connexion.*|error|redirecting.*)$", re.I
)
REMOVED = (
    r"this (?:content|page|video|photo|post|link) isn't available",
    r"content (?:isn't|is not|not) available (?:right now|at the moment)|content is no longer available",
    r"the page you requested (?:cannot|can't) be displayed|sorry, this content isn't available|page not found",
    r"the link you followed may (?:be broken|have expired)",
    r"this (?:post|video|photo) (?:is no longer available|was deleted)",
    r"content you requested cannot be displayed",
    r"inhalt ist (?:momentan |derzeit |aktuell |leider )?nicht verfügbar|diese seite ist (?:leider )?nicht verfügbar",
    r"contenu n'est (?:pas|plus) disponible|page n'est pas disponible",
    r"contenido no está disponible|esta página no está disponible|conteúdo não está disponível",
    r"esta página não está disponível|contenuto non è (?:al momento )?disponibile",
    r"inhoud is (?:momenteel|op dit moment) niet beschikbaar|zawartość jest obecnie niedostępna",
    r"контент сейчас недоступен|içeriğe şu anda ulaşılamıyor|このコンテンツは現在ご利用いただけません",
)
BLOCKS = rules(
    ("challenge", r"temporarily blocked|you can't use this feature right now|vorübergehend blockiert"),
    ("challenge", r"temporairement bloqué|security check|enter the (?:text|characters) (?:below|you see)"),
    ("challenge", r"confirm (?:that )?you(?:'re| are) (?:not a robot|human)"),
    ("geo_blocked", r"(?:not|isn't) available in your (?:country|region)|in deinem land nicht verfügbar|legal request"),
)
WALLS = BLOCKS + rules(
    *(("removed", words) for words in REMOVED),
    ("suspended", r"account (?:has been|was|is) (?:disabled|suspended|locked)|konto wurde gesperrt"),
    ("suspended", r"compte a été désactivé"),
    ("challenge", r"allow (?:all|the use of) cookies|autoriser tous les cookies|alle cookies (?:erlauben|toestaan)"),
    ("challenge", r"permitir (?:todas |todos )?(?:las |os )?cookies|consenti tutti i cookie|consentement cookies"),
    ("login_wall", r"(?:you )?must (?:first )?log in|log in ?(?:to)? (?:facebook|continue)|approval code|two-factor"),
    ("login_wall", r"see more (?:of|from) .{1,80} on facebook|facebook – log in or sign up"),
    ("error", r"something went wrong|sorry, something|we're working on (?:it|getting)|es ist ein fehler aufgetreten"),
)
OWN = ", ".join(
    (  # elements that only Facebook's own pages carry
        *(
            "html#facebook",
            "#m_story_permalink_view",
            "#MPhotoContent",
            "#mobile_login_bar",
            "#objects_container #root",
        ),
        *("[data-sigil~='story-div']", "[data-sigil~='m-feed-voice-subtitle']", "a.uiStreamPrivacy"),
        *(
            ".userContent",
            ".fbUserContent",
            ".UFICommentBody",
            "[data-ad-comet-preview]",
            "[data-ad-preview='message']",
        ),
        "[data-ad-rendering-role='story_message']",
    )
)
