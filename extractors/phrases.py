"""What pages say in place of what was asked for, by language. Vocabulary only: `extractors.standing` decides.

One phrase a line. `{thing}` stands for what a page can be (below), `…` for up to forty characters, `(a|b)` for either,
`(a|b)?` for either or none, a leading `+` for the rest of the line above. A phrase is looked for in one visible line
at a time, lower case, apostrophes straightened.
"""

from __future__ import annotations

import re
from functools import lru_cache

from extractors import phrases_further as further
from extractors import phrases_walls as walls

THINGS = {
    "en": "page|post|content|link|comment|video|photo|image|picture|story|thread|topic|tweet|toot|status|message|media"
    "|item|article|reel|pin|profile|account|user|channel|group|community|forum|url|file|document|resource|entry|blog|site"
    "|website|broadcast|submission|subreddit|discussion|member|server|invite",
    "de": "seite|beitrag|inhalt|link|kommentar|video|foto|bild|story|thema|tweet|nachricht|profil|konto|account|nutzer"
    "|benutzer|kanal|gruppe|artikel|eintrag|post",
    "fr": "page|publication|contenu|lien|commentaire|vidéo|photo|image|story|sujet|tweet|message|profil|compte"
    "|utilisateur|chaîne|groupe|article|discussion|post",
    "es": "página|publicación|contenido|enlace|comentario|vídeo|video|foto|imagen|historia|tema|tweet|tuit|mensaje"
    "|perfil|cuenta|usuario|canal|grupo|artículo|url|post",
    "pt": "página|publicação|postagem|post|conteúdo|link|comentário|vídeo|foto|imagem|história|tópico|tweet|mensagem"
    "|perfil|conta|usuário|utilizador|canal|grupo|artigo",
    "it": "pagina|post|contenuto|link|commento|video|foto|immagine|storia|discussione|tweet|messaggio|profilo|account"
    "|utente|canale|gruppo|articolo|pubblicazione",
    "nl": "pagina|bericht|inhoud|content|link|reactie|video|foto|afbeelding|verhaal|onderwerp|tweet|profiel|account"
    "|gebruiker|kanaal|groep|artikel|post",
    "pl": "strona|strony|post|posta|wpis|treść|treści|link|komentarz|film|filmu|wideo|zdjęcie|relacja|wątek|temat|tweet"
    "|wiadomość|profil|profilu|konto|konta|użytkownik|użytkownika|kanał|kanału|grupa|grupy|artykuł",
    "ar": "المحتوى|الصفحة|المنشور|الفيديو|الحساب|التغريدة|الرابط|التعليق|الصورة|المقطع|المستخدم|القناة|المجموعة|المقال",
    "hi": "पेज|पृष्ठ|पोस्ट|सामग्री|कॉन्टेंट|कंटेंट|वीडियो|खाता|अकाउंट|लिंक|ट्वीट|टिप्पणी|कमेंट|फ़ोटो|फोटो|चैनल|प्रोफ़ाइल",
    "ja": "ページ|投稿|コンテンツ|動画|ビデオ|アカウント|ポスト|ツイート|リンク|コメント|記事|写真"
    "|画像|ユーザー|スレッド|トピック|チャンネル|ストーリーズ",
}

REMOVED = {
    "en": """
        {thing} (you … )?(is|are|has become) (no longer|not|currently not|not currently) (available|accessible
        +|here|public|online|found)
        {thing} (you … )?(is|are) (currently |temporarily |now )?unavailable
        {thing} (you … )?(isn't|aren't) (currently )?(available|accessible|here|public|online)( anymore
        +| right now| at the moment)?
        {thing} (you … )?(has|have|was|were|had) (already |since )?(been )?(permanently )?(removed|deleted
        +|taken down|withdrawn|unpublished)
        {thing} (you … )?(does not|doesn't|do not|don't|did not|no longer) exists?
        {thing} (you … )?(could not|couldn't|cannot|can't) be (found|displayed|located|shown|loaded|accessed)
        {thing} (you … )?(may|might) (have been|be) (removed|deleted|moved|broken)
        {thing} (was )?not found
        (can't|cannot|couldn't|could not|unable to) (seem to )?(find|locate) (this|that|the|your
        +|any)? ?(\\w+ )?({thing}|you're looking for)
        (can't|cannot|couldn't|could not) find what you('re| were| are) looking for
        no such {thing}
        404 (error|not found|page not found)
        error 404
        (author|owner|user|poster|moderators?|admins?|administrator|uploader) (has )?(deleted|removed) (this
        +|their|the|it)
        (deleted|removed) by (the )?(\\w+ )?(author|user|owner|uploader|moderators?|admins?)
        nothing was found at this location
        there's nothing here
        (post|video|page|item) is private
        """,
    "de": """
        {thing} (ist|sind) (derzeit |leider |aktuell |momentan )*nicht (mehr )?(verfügbar|erreichbar|vorhanden
        +|auffindbar|zugänglich|öffentlich|da)
        {thing} (wurde|wurden|ist) (… )?(gelöscht|entfernt|zurückgezogen|nicht gefunden)
        {thing} (existiert|existieren) (leider )?nicht
        {thing} (konnte|kann|konnten) (leider )?nicht (gefunden|angezeigt|geladen) werden
        {thing} (gibt es|gibt's) (leider )?nicht
        {thing} nicht (gefunden|verfügbar)
        {thing} nicht mehr (verfügbar|vorhanden)
        (video|beitrag|post|seite) ist privat
        (konnten|können) (wir )?(diese|dieses|diesen|die|das|den) {thing} (leider )?nicht finden
        """,
    "fr": """
        {thing} (n'est|ne sont|n'était) (malheureusement )?(plus|pas|pas actuellement) (disponible|accessible
        +|en ligne|visible)
        {thing} (que … )?(a|ont) été (supprimé|retiré|effacé|enlevé|désactivé)
        {thing} (que … )?n'existe (plus|pas)
        {thing} (demandée? |que … )?(est|sont) (actuellement )?(introuvable|indisponible)
        {thing} (introuvable|non trouvé|indisponible|supprimé)
        (vidéo|publication|page|post) est privée?
        (impossible de|nous n'avons pas pu|nous ne parvenons pas à) trouver (cette|ce|la|le) {thing}
        """,
    "es": """
        {thing} (que … )?(ya )?no (está|están|se encuentra) (actualmente )?disponible
        {thing} (que … )?(ha sido|han sido|fue|fueron) (eliminad|borrad|retirad|suprimid)
        {thing} (que … )?(ya )?no existe
        {thing} (que … )?no (se ha encontrado|se encontró|fue encontrad|se encuentra|se ha podido encontrar)
        {thing} (no encontrad|no disponible)
        (vídeo|video|publicación|página|post) es privad
        (no hemos podido|no podemos|no pudimos|no se pudo|no se puede|no se ha podido) encontrar (la|el|esta
        +|este) {thing}
        no se ha encontrado (la|el) {thing}( solicitad)?
        """,
    "pt": """
        {thing} (que … )?(já )?não (está|estão|se encontra) (mais |atualmente )?(disponível|disponíveis|acessível)
        {thing} (que … )?(foi|foram) (removid|excluíd|apagad|eliminad|deletad)
        {thing} (que … )?(já )?não existe
        {thing} (que … )?não (foi )?encontrad
        {thing} indisponível
        (vídeo|publicação|página|post) é privad
        não (foi possível|conseguimos|pudemos) encontrar (esta|este|essa|esse|a|o) {thing}
        """,
    "it": """
        {thing} (che … )?non (è|sono) (più |attualmente |al momento )?(disponibil|raggiungibil|accessibil)
        {thing} (che … )?(è|sono) stat[oaie] (rimoss|eliminat|cancellat)
        {thing} (che … )?non esiste
        {thing} (che … )?non (è stat[oa] )?trovat
        {thing} non disponibile
        {thing} (non è|è) (al momento |attualmente |più )*(non )?(disponibil|raggiungibil)
        (video|post|pagina) è privat
        (impossibile|non è possibile|non riusciamo a) trovare (la|il|questa|questo) {thing}
        """,
    "nl": """
        {thing} (is|zijn) (helaas |momenteel )?(niet|niet meer|niet langer) (beschikbaar|bereikbaar|te vinden|gevonden)
        {thing} (is|zijn|werd|werden) (… )?verwijderd
        {thing} bestaat (helaas )?niet
        {thing} (kan|kon) niet (worden )?(gevonden|weergegeven)
        {thing} niet (gevonden|beschikbaar)
        (kunnen|konden) (deze|dit|de|het) {thing} niet vinden
        """,
    "pl": """
        {thing} (nie jest (już |obecnie |teraz )?dostępn|jest (już |obecnie |teraz )?niedostępn)
        (zawartość|treść) (\\w+ )*niedostępn
        {thing} (został|została|zostało|zostały) (usunięt|skasowan)
        {thing} (już )?nie istnieje
        {thing} nie (został|została|zostało) (znalezion|odnalezion)
        nie (można|udało się) (odnaleźć|znaleźć) (tej |tego )?{thing}
        nie znaleziono (tej |tego )?{thing}
        {thing} niedostępn
        """,
    "ar": """
        {thing} (\\w+ )?(غير متاح|غير متاحة|غير متوفر|غير متوفرة|غير موجود|غير موجودة|محذوف|محذوفة)
        {thing} (\\w+ )?(لم يعد|لم تعد) (متاح|متوفر|موجود)
        (تم|تمت|جرى) (حذف|إزالة|ازالة) (هذا |هذه )?{thing}
        (لم يتم|تعذر|يتعذر|لا يمكن|لم نتمكن من) العثور على (هذا |هذه )?{thing}
        """,
    "hi": """
        {thing} (अब |अभी |फ़िलहाल |इस समय )*(उपलब्ध नहीं|मौजूद नहीं|नहीं मिला|नहीं मिली|नहीं मिल)
        {thing} (को )?(हटा|डिलीट|मिटा) (कर )?(दिया|दी|दिए)
        {thing} (को )?(हटाया|हटाई) (गया|गई|जा चुका)
        """,
    "ja": """
        {thing}(は|が|を)?(現在|すでに|既に|、)*(ご)?(利用いただけません|利用できません|覧いただけません|利用になれません)
        {thing}(は|が|を)?(現在|すでに|既に|、)*(見つかりません|存在しません|存在しない|表示できません|公開されていません|再生できません)
        (動画|投稿|ポスト|ページ)(は|が)?非公開です
        {thing}(は|が|を)?(現在|すでに|既に|、)*(削除されました|削除されています|削除された|削除済み)
        """,
}

SUSPENDED = {
    "en": """
        (account|user|profile|channel|page|blog|community|subreddit|group) (has been|have been|was|is
        +|is currently) (temporarily |permanently )?(suspended|terminated|banned|disabled|deactivated)
        (account|user) suspended
        suspended account
        suspends accounts (which|that) violate
        """,
    "de": """
        (konto|account|nutzer|benutzer|profil|kanal) (wurde|ist) (… )?(gesperrt|suspendiert|deaktiviert
        +|gekündigt)
        (konto|account|kanal|profil) gesperrt
        gesperrten (konto|account|profil|kanal)
        """,
    "fr": "(compte|profil|utilisateur|chaîne) (a été|est) (suspendu|désactivé|banni|clôturé|résilié)\ncompte suspendu",
    "es": """
        (cuenta|perfil|usuario|canal) (ha sido|está|fue) (suspendid|cancelad|inhabilitad|desactivad)
        cuenta suspendida
        """,
    "pt": "(conta|perfil|usuário|canal) (foi|está) (suspens|encerrad|banid|desativad)\nconta suspensa",
    "it": "(account|profilo|utente|canale) (è stato|è) (sospes|disattivat|chius|bannat)\naccount sospeso",
    "nl": """
        (account|profiel|gebruiker|kanaal) (is|werd) (… )?(opgeschort|geschorst|uitgeschakeld|gedeactiveerd
        +|opgeheven)
        (account|profiel) (opgeschort|geschorst|opgeheven)
        """,
    "pl": """
        (konto|profil|użytkownik|kanał) (zostało|został|jest) (zawieszon|zablokowan|wyłączon)
        konto (zawieszone|zablokowane)
        """,
    "ar": "(تعليق|إيقاف|حظر|تعطيل) (هذا )?(الحساب|المستخدم)\nالحساب (موقوف|معلق|معلّق|محظور|معطل)",
    "hi": "(खाता|अकाउंट|खाते|चैनल) (को )?(निलंबित|सस्पेंड|बंद)",
    "ja": "(アカウント|ユーザー|チャンネル)(は|が)?(凍結|停止|無効|利用停止)",
}

GEO = {
    "en": """
        (not|isn't|aren't|been made|made … ) ?available (in|to|for) (your|this|the) (country|region|location
        +|area|territory)
        unavailable in (your|this) (country|region|location|area)
        (blocked|restricted|withheld) in (your|this) (country|region|location)
        withheld in (response to|\\w+ in response)
        unavailable (for|due to) legal reasons
        """,
    "de": "in (deinem|ihrem|diesem|ihrer|deiner) (land|region) (derzeit |leider )?nicht (verfügbar|erlaubt)",
    "fr": "(pas|plus|non) (disponible|accessible) dans (votre|ce|cette) (pays|région|zone)",
    "es": "no (está|se encuentra) disponible en (tu|su|este|esta) (país|región|ubicación|zona)",
    "pt": "(não|in) ?(está )?disponível (no|em|na) (seu|sua|este|neste) ?(país|região|local)",
    "it": "non (è )?disponibile nel(la)? (tuo|suo|tua|sua) (paese|regione|zona|area)",
    "nl": "niet beschikbaar in (je|uw|jouw|dit|jullie) (land|regio|locatie)",
    "pl": "(nie jest dostępn\\w+|niedostępn\\w+) w (twoim|tym|twojej) (kraju|regionie|lokalizacji)",
    "ar": "غير (متاح|متاحة|متوفر|متوفرة) في (بلدك|منطقتك|دولتك)",
    "hi": "(आपके|इस) (देश|क्षेत्र) में (उपलब्ध|मौजूद) नहीं",
    "ja": "(お住まいの|お使いの|この|ご利用の)(国|地域)(や地域|または地域)?では",
}

VOCABULARIES = {
    "removed": REMOVED | further.REMOVED,
    "suspended": SUSPENDED | further.SUSPENDED,
    "private": walls.PRIVATE | further.PRIVATE,
    "geo": GEO | further.GEO,
    "login": walls.LOGIN | further.LOGIN,
    "challenge": walls.CHALLENGE,
    "consent": walls.CONSENT,
    "refused": walls.REFUSED,
}
UNSPACED = frozenset({"ja", "zh", "ko"})  # a phrase may begin inside a run of letters
STRAIGHT = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "＇": "'", "\u00a0": " ", "\u202f": " "})


def folded(line: str) -> str:
    """A line as it is matched: lower case, straight apostrophes, single spaces."""
    return " ".join(line.translate(STRAIGHT).casefold().split())


@lru_cache(maxsize=32)
def pattern(name: str) -> re.Pattern[str]:
    """One pattern for a vocabulary, all languages together; what begins with a thing looks for the thing once."""
    wordings = []
    for language, phrases in VOCABULARIES[name].items():
        thing = f"(?:{(THINGS | further.THINGS)[language]})"
        every = [phrase.strip() for phrase in re.sub(r"\n\s*\+", "", phrases).split("\n") if phrase.strip()]
        rest = [phrase.removeprefix("{thing}") for phrase in every if phrase.startswith("{thing}")]
        others = [phrase for phrase in every if not phrase.startswith("{thing}")]
        starts = [*(["{thing}(" + "|".join(rest) + ")"] if rest else []), *others]
        start = "" if language in UNSPACED else r"(?<!\w)"
        wordings += [f"{start}(?:{_expression(phrase, thing)})" for phrase in starts]
    return re.compile("|".join(wordings))


def _expression(phrase: str, thing: str) -> str:
    return phrase.replace("…", ".{0,40}?").replace("(", "(?:").replace("{thing}", thing)
