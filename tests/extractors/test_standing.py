"""What a page turned out to be: status, the platform's rules, then words and marks; never from what a comment says."""

from __future__ import annotations

import pytest

from extractors.contract import Page, Post, StandingState
from extractors.phrases import VOCABULARIES, folded, pattern
from extractors.registry import generic_extractor
from extractors.standing import standing_of

URL = "https://site.example/2026/03/something"
WORDS: dict[StandingState, list[str]] = {
    "removed": [
        "Sorry, this page isn't available.",
        "Sorry, this page isn’t available.",
        "This video is no longer available",
        "The post you are looking for has been deleted",
        "This content was removed by the author",
        "We couldn’t find that page",
        "Page not found",
        "Diese Seite ist leider nicht verfügbar.",
        "Dieser Beitrag wurde gelöscht.",
        "Der Inhalt existiert nicht mehr",
        "Das Video konnte nicht gefunden werden",
        "Cette page n’est malheureusement pas disponible.",
        "Cette publication a été supprimée",
        "Page introuvable",
        "Esta página no está disponible.",
        "Esta publicación ha sido eliminada",
        "No se ha encontrado la página",
        "Esta página não está disponível.",
        "Esta publicação foi removida",
        "Não foi possível encontrar a página",
        "Questa pagina non è disponibile.",
        "Il post è stato rimosso",
        "Pagina non trovata",
        "Deze pagina is niet beschikbaar.",
        "Dit bericht is verwijderd",
        "Pagina niet gevonden",
        "Ta strona jest niedostępna.",
        "Ten post został usunięty",
        "Nie znaleziono strony",
        "هذه الصفحة غير متاحة.",
        "تم حذف هذا المنشور",
        "لم يتم العثور على الصفحة",
        "यह पेज उपलब्ध नहीं है.",
        "यह पोस्ट हटा दी गई है",
        "पेज नहीं मिला",
        "このページはご利用いただけません。",
        "この投稿は削除されました",
        "お探しのページが見つかりません",
    ],
    "suspended": [
        "Account suspended",
        "This account has been terminated",
        "Dieses Konto wurde gesperrt",
        "Ce compte a été suspendu",
        "Esta cuenta ha sido suspendida",
        "Esta conta foi suspensa",
        "Questo account è stato sospeso",
        "Dit account is opgeschort",
        "To konto zostało zawieszone",
        "تم تعليق هذا الحساب",
        "यह खाता निलंबित है",
        "このアカウントは凍結されています",
    ],
    "login_wall": [
        "You must log in to continue.",
        "Please sign in to view this post",
        "Bitte melde dich an, um fortzufahren",
        "Connectez-vous pour continuer",
        "Inicia sesión para continuar",
        "Faça login para continuar",
        "Accedi per continuare",
        "Log in om verder te gaan",
        "Zaloguj się, aby kontynuować",
        "يجب تسجيل الدخول للمتابعة",
        "जारी रखने के लिए लॉग इन करें",
        "続けるにはログインしてください",
    ],
    "geo_blocked": [
        "This video is not available in your country",
        "Dieses Video ist in deinem Land nicht verfügbar",
        "Cette vidéo n’est pas disponible dans votre pays",
        "Este vídeo no está disponible en tu país",
        "Este vídeo não está disponível no seu país",
        "Questo video non è disponibile nel tuo paese",
        "Deze video is niet beschikbaar in je land",
        "Ten film nie jest dostępny w twoim kraju",
        "هذا الفيديو غير متاح في بلدك",
        "यह वीडियो आपके देश में उपलब्ध नहीं है",
        "この動画はお住まいの国ではご利用いただけません",
    ],
    "challenge": [
        "Verify you are human",
        "Checking your browser before you go on",
        "Bestätigen Sie, dass Sie ein Mensch sind",
        "Vérifiez que vous êtes humain",
        "Verifica que eres humano",
        "Verifique se você é humano",
        "Conferma di non essere un robot",
        "Bevestig dat je een mens bent",
        "Potwierdź, że jesteś człowiekiem",
        "تحقق من أنك إنسان",
        "पुष्टि करें कि आप इंसान हैं",
        "あなたが人間であることを確認してください",
        "Before you continue to the site",
        "Bevor Sie weitergehen",
    ],
}


def page(body: str, status: int | None = 200, *, url: str = URL, title: str = "Site") -> Page:
    return Page(url, f"<html><head><title>{title}</title></head><body>{body}</body></html>", status)


def state(*args: object, **more: object) -> StandingState:
    return standing_of(page(*args, **more), generic_extractor()).state  # type: ignore[arg-type]  # passed on as given


@pytest.mark.parametrize(("said", "meant"), [(line, meant) for meant, lines in WORDS.items() for line in lines])
def test_a_page_that_shows_only_a_notice_is_what_it_says(said: str, meant: StandingState) -> None:
    assert (
        state(f"<main><h2>Oh</h2><p>{said}</p><a href='/'>Home</a></main><p>About this site and its makers</p>")
        == meant
    )


@pytest.mark.parametrize("said", [line for lines in WORDS.values() for line in lines])
def test_the_same_words_in_a_comment_change_nothing(said: str) -> None:
    post = (
        "<article class=h-entry><a class='p-author h-card' href=/>Somebody</a><time class=dt-published "
        "datetime=2026-03-04T10:00:00Z></time><div class=e-content>The bridge is closed.</div>"
    )
    comment = (
        f"<div class='u-comment h-cite'><span class='p-author h-card'>Other</span><p class=p-content>{said}</p></div>"
    )
    assert state(f"{post}{comment}</article>") == "live"


def test_a_long_page_that_talks_of_removals_is_live() -> None:
    sentence = (
        "Yesterday the council said that the page about the bridge was removed, and that no page was found since. "
    )
    assert state("<h1>The council and its pages</h1>" + f"<p>{sentence * 40}</p>" * 3) == "live"


@pytest.mark.parametrize(
    ("status", "meant"),
    [
        (404, "removed"),
        (410, "removed"),
        (451, "geo_blocked"),
        (401, "login_wall"),
        (407, "login_wall"),
        (403, "error"),
        (429, "error"),
        (500, "error"),
        (None, "unreachable"),
    ],
)
def test_the_status_comes_first(status: int | None, meant: StandingState) -> None:
    assert state("<h1>Site</h1><p>Ordinary words about kettles and about tea, enough of them.</p>", status) == meant


CHECKS = {
    "Cloudflare": "<form id='challenge-form' action='/?__cf_chl_f_tk=1'></form>",
    "Cloudflare's script": "<script>window._cf_chl_opt={cType:'managed'}</script>",
    "Anubis": "<script id='anubis_challenge' type='application/json'>{}</script>",
    "DataDome": "<script>var dd={'rt':'c'}</script><script src='https://ct.captcha-delivery.com/c.js'></script>",
    "PerimeterX": "<div id='px-captcha'></div>",
    "Akamai": "<div id='sec-if-cpt-container'></div>",
    "Kasada": "<script>window.KPSDK={};</script><script src='/149e9513-01fa-4fb0-aad4-566afd725d1b/x/ips.js'></script>",
    "Imperva": "<iframe id='main-iframe' src='/_Incapsula_Resource?x=1'></iframe>",
    "hCaptcha": "<div class='h-captcha' data-sitekey='1'></div>",
    "Turnstile": "<div class='cf-turnstile' data-sitekey='1'></div>",
}


@pytest.mark.parametrize("status", [200, 403, 429, 503])
@pytest.mark.parametrize("maker", CHECKS)
def test_a_check_before_the_page_is_a_challenge(maker: str, status: int) -> None:
    assert state(f"<h1>site.example</h1>{CHECKS[maker]}<p>One moment</p>", status) == "challenge"


@pytest.mark.parametrize("maker", ["Cloudflare's script", "Kasada", "hCaptcha", "Turnstile"])
def test_a_page_with_much_to_read_is_not_its_guards_script(maker: str) -> None:
    assert state(f"<h1>Kettles</h1><p>{'Words about kettles. ' * 200}</p>{CHECKS[maker]}") == "live"


def test_an_empty_shell_is_never_live() -> None:
    shell = "<div id=root></div><noscript>You need to enable JavaScript.</noscript><script src=/a.js></script>"
    assert state(shell) == "error"
    assert "no content" in standing_of(page(shell), generic_extractor()).why


def test_a_page_of_one_picture_is_live() -> None:
    assert state("<img src=/drawing.png width=900 height=600>") == "live"


def test_what_the_browser_saw_counts_before_what_the_html_holds() -> None:
    hidden = Page(
        URL, "<p>Ordinary words that nobody saw, since a style sheet hides them.</p>", 200, "This page isn't available"
    )
    assert standing_of(hidden, generic_extractor()).state == "removed"


def test_a_forum_with_a_login_box_is_live() -> None:
    rows = "".join(f"<li><a href=/f/{n}>Board {n}</a> talk about kettles of the year {n}</li>" for n in range(12))
    box = "<form action=/login><input name=user><input type=password name=pass><button>Login</button></form>"
    assert state(f"<h1>Kettle forum</h1>{box}<ul>{rows}</ul>") == "live"


def test_every_vocabulary_speaks_every_language() -> None:
    languages = {"en", "de", "fr", "es", "pt", "it", "nl", "pl", "ar", "hi", "ja"}
    assert {name: languages - set(words) for name, words in VOCABULARIES.items() if name != "refused"} == {
        name: set() for name in VOCABULARIES if name != "refused"
    }


def test_apostrophes_and_spaces_are_folded() -> None:
    assert folded("This  page\u00a0isn’t Available") == "this page isn't available"
    assert pattern("removed").search(folded("This page isn‘t available"))


def test_reading_for_a_standing_yields_posts_only() -> None:
    assert all(isinstance(record, Post) for record in generic_extractor().read(page("<p>words</p>")))
