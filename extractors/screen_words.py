"""The words that apps themselves put on a screen, in several languages: told from what people wrote. Knows no
geometry."""

from __future__ import annotations

import re


def words_of(text: str) -> frozenset[str]:
    """The words of a list that is written as one line."""
    return frozenset(text.split())


MARK = "□"  # an emoji or sticker, as the reading of pictures gives it
COMPOSER = (
    "message messages imessage text message|type a message|send a message|send a chat|start a message|start a"
    " new message"
    "|write a message|write a comment|write a reply|add a comment|add comment|add a reply|post your reply|reply|comment"
    "|signal message|rcs message|send message|say something|new message|enter message|aa|nachricht|nachricht schreiben"
    "|mensaje|escribe un mensaje|escribir un mensaje|message texte|écrire un message|votre message|messaggio"
    "|scrivi un messaggio"
    "|mensagem|digite uma mensagem|bericht|typ een bericht|wiadomość|napisz wiadomość|meddelande|skriv ett"
    " meddelande|mesaj"
    "|mesaj yazın|сообщение|повідомлення|μήνυμα|رسالة|اكتب رسالة|הודעה|संदेश|メッセージ|메시지|消息|发消息|傳送訊息"
)
ME = words_of("me you ich du yo tú moi vous toi io eu você ik jij ja я ты вы eu mig jag ben أنا أنت אני मैं")
RECEIPT = re.compile(
    r"^(?:✓+\s*)?(?:delivered|read|seen|sent|sending|failed|not delivered|opened|received|edited|delivered"
    r" quietly|unread"
    r"|gesendet|gelesen|zugestellt|gesehen|entregado|leído|visto|enviado|lu|vu|envoyé|distribué|consegnato|letto"
    r"|visualizzato"
    r"|inviato|entregue|lida|lido|verzonden|gelezen|bezorgd|gezien|dostarczono|odczytano|wysłano|levererat|läst"
    r"|доставлено"
    r"|прочитано|отправлено|просмотрено|görüldü|iletildi|okundu|تمت القراءة|تم التسليم|已读|既読|읽음)\b[\s·•.:,]*"
    r"(?:by\b.*|just now|\d+ ?[smhdw]\w*(?: ago)?)?",
    re.IGNORECASE,
)
PRESENCE = re.compile(
    r"\b(?:online|last seen|active|typing|zuletzt|en línea|en ligne|vu à|in linea|attivo|visto|ativo|laatst"
    r"|aktiv|был|была"
    r"|в сети|çevrimiçi|متصل|tap here for|members|participants|subscribers|teilnehmer|miembros|membres|followers)\b",
    re.IGNORECASE,
)
STATUS = re.compile(r"\d{1,3} ?%|\b(?:5G|4G|LTE|3G|WiFi|Wi-Fi|VoLTE|EE|O2|Vodafone|T-Mobile)\b|^\d{1,2}[:.]\d\d\b")
CALL = re.compile(
    r"\b(?:(?:missed|no answer|declined|cancelled|canceled|incoming|outgoing)\b.*\bcall|(?:voice|video|audio"
    r"|phone|group) ?(?:call|chat)s?\b"
    r"|call(?:ed)? (?:ended|declined|you)|missed call|verpasster? (?:sprach|video)?anruf|(?:sprach|video)anruf"
    r"|llamada|appel"
    r"|chiamata|chamada|oproep|połączenie|samtal|звонок|вызов|дзвінок|arama|κλήση)|مكالمة|שיחה|कॉल|通話|通话|통화",
    re.IGNORECASE,
)
DELETED = re.compile(
    r"(?:this|that|the) message (?:was|has been|is) (?:deleted|removed|unsent|unavailable)|you deleted this"
    r" message|unsent a message"
    r"|deleted (?:a |this )?(?:message|chat|snap)|message deleted|removed a message|nachricht (?:wurde )?gelöscht|"
    r"mensaje (?:fue )?eliminado|se eliminó este mensaje|message (?:a été )?supprimé|messaggio (?:è stato )?eliminato|"
    r"mensagem (?:foi )?apagada|bericht (?:is )?verwijderd|wiadomość usunięta|сообщение удалено|mesaj silindi",
    re.IGNORECASE,
)
SYSTEM = re.compile(
    r"end-to-end encrypted|joined|left the|added you|changed the|created (?:this )?group|security code|blocked"
    r" this|unblocked"
    r"|screenshot|took a|new messages|unread messages|matched|started following|accepted your|missed a|is now"
    r"|verschlüsselt"
    r"|cifrados|chiffrés|crittografati|зашифрован",
    re.IGNORECASE,
)
REPLYING = re.compile(
    r"^(?:you replied|replied to|replying to|.{1,30} replied to|du hast geantwortet|respondiste)\b", re.I
)
UNDER = re.compile(
    r"\b(?:reply|like|react|share|see translation|view (?:\d+ )?(?:more )?repl(?:y|ies)|hide replies|translate"
    r"|antworten|gefällt mir"
    r"|responder|me gusta|répondre|j.aime|rispondi|mi piace|curtir|beantwoorden|vind ik leuk|odpowiedz|lubię to"
    r"|ответить"
    r"|нравится|yanıtla|beğen|رد|أعجبني)\b",
    re.IGNORECASE,
)
EDGES = re.compile(r"^[\s□·•.,:;'\"|_©®+@=<>~*&()\[\]{}—–-]+|[\s□·•.,:;'\"|_©®+@=<>~*&()\[\]{}—–-]+$")
_COMPOSERS = frozenset(part.strip() for part in COMPOSER.split("|")) | {
    "message",
    "messages",
    "imessage",
    "text message",
}


def bare(text: str) -> str:
    """Small letters, one space, no marks at the ends."""
    return EDGES.sub("", " ".join(text.split())).casefold().replace("…", "").rstrip(".")


def is_composer(text: str) -> bool:
    """Whether it is what stands in an empty field for writing."""
    plain = bare(text)
    return plain in _COMPOSERS or bool(re.match(r"(?:message|nachricht an|mensaje a) [@#]\S+", plain))


def is_me(name: str) -> bool:
    return bare(name) in ME
