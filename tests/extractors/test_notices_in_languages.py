"""What platforms show in a post's or account's place, in the languages they show it in. Never live, never mixed up."""

from __future__ import annotations

import pytest

from extractors.contract import Page
from extractors.registry import extractor_for
from extractors.standing import standing_of

INSTAGRAM = "https://www.instagram.com/harrow_made/"
FACEBOOK = "https://www.facebook.com/harrow.made/posts/pfbid02madeUpmadeUpmadeUpmadeUpmadeUp"
X_ACCOUNT, X_POST = "https://x.com/harrow_made", "https://x.com/harrow_made/status/1890000000000000000"
VIDEO = "https://www.youtube.com/watch?v=maDe_vid_01"
PRIVATE = {
    "de": "Dieses Konto ist privat",
    "fr": "Ce compte est privé",
    "es": "Esta cuenta es privada",
    "pt": "Esta conta é privada",
    "it": "Questo account è privato",
    "nl": "Dit is een privéaccount",
    "pl": "To konto jest prywatne",
    "ru": "Это закрытый аккаунт",
    "tr": "Bu hesap gizli",
    "ja": "このアカウントは非公開です",
    "zh": "此帐户为私密帐户",
    "ko": "비공개 계정입니다",
    "id": "Akun ini bersifat pribadi",
    "sv": "Kontot är privat",
    "ar": "هذا الحساب خاص",
}
GONE = {
    "ru": "К сожалению, эта страница недоступна.",
    "uk": "На жаль, ця сторінка недоступна.",
    "tr": "Üzgünüz, bu sayfaya ulaşılamıyor.",
    "ja": "このページはご利用いただけません。",
    "zh": "很抱歉，此页面不可用。",
    "ko": "죄송합니다. 페이지를 사용할 수 없습니다.",
    "id": "Maaf, halaman ini tidak tersedia.",
    "sv": "Sidan är tyvärr inte tillgänglig.",
    "vi": "Rất tiếc, trang này hiện không khả dụng.",
    "el": "Δυστυχώς, αυτή η σελίδα δεν είναι διαθέσιμη.",
    "pl": "Ta zawartość jest teraz niedostępna",
}
SUSPENDED = {
    "de": "Account gesperrt",
    "fr": "Compte suspendu",
    "es": "Cuenta suspendida",
    "nl": "Account opgeschort",
    "pl": "Konto zawieszone",
    "ru": "Действие учетной записи приостановлено",
    "tr": "Hesap askıya alındı",
    "ja": "アカウントは凍結されています",
    "ko": "계정이 일시 정지되었습니다",
    "id": "Akun ditangguhkan",
}
PROTECTED = {
    "de": "Diese Posts sind geschützt",
    "fr": "Ces posts sont protégés",
    "es": "Estos posts están protegidos",
    "it": "Questi post sono protetti",
    "ru": "Эти посты защищены",
    "ja": "このアカウントのポストは非公開です",
}
LIMITED = {
    "de": "Du kannst diesen Post nicht ansehen, weil dieser Account einschränkt, wer seine Posts sehen kann.",
    "fr": "Vous ne pouvez pas voir ce post car son auteur limite qui peut voir ses posts.",
    "es": "No puedes ver este post porque el propietario limita quién puede ver sus posts.",
    "ja": "このアカウントの所有者はポストを表示できるアカウントを制限しているため、このポストを表示できません。",
}
ADULT = {
    "de": "Melde dich an, um dein Alter zu bestätigen",
    "fr": "Connectez-vous pour confirmer votre âge",
    "es": "Inicia sesión para confirmar tu edad",
    "it": "Accedi per confermare la tua età",
    "ru": "Войдите в аккаунт, чтобы подтвердить свой возраст",
}
EMPTY = "<div data-testid='emptyState'><div data-testid='empty_state_header_text'><span>{}</span></div></div>"
ARTICLE = "<article data-testid='tweet' role='article'><div><span>{}</span></div></article>"
PLAIN = "<div dir='auto'><span>{}</span></div>"
SHOWN = [
    *((INSTAGRAM, PLAIN, words, "login_wall") for words in PRIVATE.values()),
    *((FACEBOOK, PLAIN, words, "removed") for words in GONE.values()),
    *((INSTAGRAM, PLAIN, words, "removed") for words in GONE.values()),
    *((X_ACCOUNT, EMPTY, words, "suspended") for words in SUSPENDED.values()),
    *((X_ACCOUNT, EMPTY, words, "login_wall") for words in PROTECTED.values()),
    *((X_POST, ARTICLE, words, "login_wall") for words in LIMITED.values()),
    *((VIDEO, PLAIN, words, "login_wall") for words in ADULT.values()),
    ("https://www.facebook.com/harrow.made", PLAIN, "Mara locked her profile", "login_wall"),
    ("https://harrow-made.tumblr.com/", PLAIN, "You can only see it if you’re logged in.", "login_wall"),
    (VIDEO, PLAIN, "Видео недоступно в вашей стране", "geo_blocked"),
]


@pytest.mark.parametrize(("url", "layout", "words", "state"), SHOWN, ids=[f"{s[3]} {s[2][:24]}" for s in SHOWN])
def test_a_notice_is_understood_in_its_language(url: str, layout: str, words: str, state: str) -> None:
    page = Page(url, f"<html><body><div id='root'>{layout.format(words)}</div></body></html>")
    found = standing_of(page, extractor_for(url, page))
    assert found.state == state, found.why
