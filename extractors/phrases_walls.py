"""What login walls, challenges, consent pages and refusals say, by language. Vocabulary only, as in `phrases`."""

from __future__ import annotations

LOGIN = {
    "en": """
        (must|need to|have to|should|please|required to) (first )?(be )?(log|sign|logged|signed)[ -]?(in|on)
        (log|sign)[ -]?in (or (sign up|register|join|create an account) )?(to|in order to|before you) (see|view
        +|continue|access|read|use|watch|proceed|confirm|join|keep|your)
        (sign up|join|register|create an account) (or log in )?to (see|view|continue|read|access)
        log in to (facebook|instagram|x|twitter|tiktok|reddit|linkedin|threads|your account|start|follow)
        log into (facebook|your account|instagram)
        sign in to (x|linkedin|your account|continue|confirm|google|youtube)
        (approval|login|verification|security|confirmation|6-digit|authentication) code
        (you are|you're) not logged in
        login (required|to continue)
        (this|the) (account|profile|channel|group) is private
        (only|restricted|available|visible) (to|for) (registered|logged[ -]in|signed[ -]in|members)
        (members|subscribers|patrons|followers)[ -]only
        """,
    "de": """
        (bitte|musst|müssen|um|zuerst) … (anmelden|einloggen|angemeldet|eingeloggt|registrieren)
        (melde dich|melden sie sich) (bitte )?an, um (dein|ihr) alter
        (melde dich|melden sie sich|logge dich|loggen sie sich) (bitte )?(an|ein|bei)
        (anmelden|einloggen), um
        (anmeldung|login) erforderlich
        nur (für )?(registrierte|angemeldete)
        """,
    "fr": """
        (veuillez|devez|merci de|pour … ) ?(vous )?(connecter|identifier)
        connectez-vous pour confirmer votre âge
        connectez-vous (pour|à|ou|sur)
        (vous devez|il faut) être connecté
        connexion (requise|nécessaire)
        """,
    "es": """
        (debes|tienes que|necesitas|hay que|por favor|es necesario) … ?(iniciar sesión|identificarte
        +|registrarte|inicia sesión)
        (inicia|iniciar) sesión (para|en|o)
        """,
    "pt": """
        (precisa|necessário|preciso|tens de|deve|por favor) … ?(fazer login|faça login|entrar|iniciar sessão
        +|estar logado|inicie sessão)
        (faça|fazer) login (para|no|na|em)
        (entre|entrar|inicie sessão|iniciar sessão) (para|no|na|em) (ver|continuar|sua|o|a)
        """,
    "it": """
        (devi|è necessario|per favore|occorre|effettua) … ?(accedere|accesso|login|registrarti)
        accedi per confermare la (tua )?età
        accedi (per|a|su|o)
        """,
    "nl": """
        (moet|dien|gelieve) … ?(aanmelden|inloggen|ingelogd|aangemeld)
        (log in|meld je aan|inloggen|aanmelden) (om|bij)
        """,
    "pl": """
        (musisz|proszę|należy) … ?(zalogować|zaloguj|zalogowan)
        zaloguj się(,| aby| by| do| na)
        """,
    "ar": """
        (يجب|يرجى|الرجاء|عليك) … ?(تسجيل الدخول|تسجل الدخول|تسجيل دخولك)
        (سجل|سجّل|تسجيل) (الدخول|دخولك) (إلى|الى|لـ|ل|للمتابعة|لمشاهدة|لعرض)
        """,
    "hi": "(लॉग ?इन|साइन ?इन) (करें|करना होगा|करना ज़रूरी|करना आवश्यक)",
    "ja": "(ログイン|サインイン)(して|が必要|する必要|すると|しないと)",
}

PRIVATE = {  # an account, or posts, for those alone whom somebody let in
    "en": """
        (account|profile|channel|group|user) is (set to )?private
        (this is )?a private (account|profile|group)
        (posts|tweets) (\\w+ )?are protected
        limits who can (view|see)
        only (approved|confirmed) followers
        locked (his|her|their) profile
        only (his|her|their|\\w+'s) friends (can )?see
        only members can see (who's in|the|what)( \\w+)*
        """,
    "de": """
        (konto|account|profil|gruppe|kanal) ist (privat|geschützt)
        privates (konto|profil)
        (posts|tweets|beiträge) sind geschützt
        (einschränkt|eingeschränkt), wer (… )?sehen kann
        (inhalte für erwachsene mit )?altersbeschränkung
        """,
    "fr": """
        (compte|profil|groupe) est privé
        (posts|tweets|publications) sont protégé
        limite qui peut (… )?(voir|consulter)( \\w+)*
        (limite|restriction|restrictions) d'âge
        """,
    "es": """
        (cuenta|perfil|grupo) es privad
        (posts|tweets|publicaciones) están protegid
        limita quién puede (… )?ver( \\w+)*
        (contenido para adultos con )?restricción de edad
        """,
    "pt": """
        (conta|perfil|grupo) é (privad|protegid)
        (posts|tweets|publicações) (são|estão) protegid
        limita quem pode (… )?ver( \\w+)*
        restrição de idade
        """,
    "it": """
        (account|profilo|gruppo) è privat
        (post|tweet) sono protetti
        limita chi può (… )?vedere( \\w+)*
        (limiti|restrizioni|restrizione) di età
        """,
    "nl": """
        (account|profiel|groep) is (privé|besloten|beschermd)
        (privé|besloten)[- ]?(account|profiel|groep)
        (posts|tweets|berichten) zijn beschermd
        beperkt wie (… )?kan (zien|bekijken)
        leeftijdsbeperking
        """,
    "pl": """
        (konto|profil|grupa) jest (prywatn|chronion)
        (wpisy|posty|tweety) są chronione
        ogranicza, kto (… )?może
        ograniczeni\\w+ wiekow\\w+
        """,
    "ar": "(هذا )?(الحساب|الملف الشخصي|المجموعة) (خاص|خاصة)\n(منشورات|تغريدات) (\\w+ )?محمية",
    "hi": "(खाता|अकाउंट|प्रोफ़ाइल) (प्राइवेट|निजी)",
    "ja": """
        (アカウント|プロフィール)(の(ポスト|ツイート))?(は|が)?非公開
        非公開(アカウント|です)
        表示できる(アカウント|ユーザー)を制限
        年齢制限
        """,
}

CHALLENGE = {
    "en": """
        (verify|confirm|prove|checking|making sure|verifying|ensure) (that |if |whether )?you('re| are)
        + (a |not a )?(human|robot|bot|real)
        (prove|verify|confirm) your humanity
        are you (a )?(human|robot|bot)
        i'm not a robot
        (one more|additional|another) (security )?(step|check)
        (complete|solve|pass|finish) (the|this|a|an) … ?(captcha|challenge|check|puzzle|verification)
        checking (if the site connection is secure|your browser)
        just a moment
        attention required
        unusual (traffic|activity)
        (security|human) (check|verification|checkpoint)
        ddos protection by
        performing security verification
        press (&|and) hold
        pardon our interruption
        review the security of your connection
        (please )?(turn|enable) (on )?(javascript|cookies) and (cookies|javascript|reload)
        sina visitor system
        """,
    "de": """
        (bestätigen|bestätige|beweisen|beweise|überprüfen) (sie|du)?,? ?(bitte )?,? ?(dass|ob) … (mensch|roboter|bot)
        kein roboter
        sicherheits(überprüfung|prüfung|abfrage|check)
        ungewöhnliche(r|n)? (datenverkehr|zugriffe|aktivität)
        nur einen (moment|augenblick)
        """,
    "fr": """
        (confirme[zr]|vérifie[zr]|prouve[zr]) que vous (êtes|n'êtes)
        pas un robot
        (contrôle|vérification) de sécurité
        (trafic|activité) (inhabituel|exceptionnel|suspect)
        un instant
        """,
    "es": """
        (verifi[cq]\\w+|confirm\\w+|demuestr\\w+|comprob\\w+) que (eres|es|no eres|usted|no es)
        no soy un robot
        (control|comprobación|verificación) de seguridad
        (tráfico|actividad) (inusual|sospechos)
        un momento
        """,
    "pt": """
        (verifi\\w+|confirm\\w+|prov\\w+) (se|que) (você|é|não é|não)
        não sou um robô
        verificação de segurança
        (tráfego|atividade) (incomum|suspeit)
        só um momento
        """,
    "it": """
        (verifica|conferma|dimostra) (di|che) (essere|non|sei)
        non sono un robot
        (controllo|verifica) di sicurezza
        (traffico|attività) (insolit|anomal|sospett)
        """,
    "nl": """
        (bevestig|controleer|bewijs|verifieer) dat (je|u)
        geen robot
        beveiligings(controle|verificatie|check)
        (ongebruikelijk|ongewoon) verkeer
        """,
    "pl": """
        (potwierdź|sprawdź|zweryfikuj|udowodnij),? (że|czy) (jesteś|nie jesteś)
        nie jestem robotem
        (weryfikacja|kontrola) (bezpieczeństwa|zabezpieczeń)
        nietypow(y|ego) ruch
        """,
    "ar": """
        (تحقق|التحقق|تأكد|أثبت|إثبات) (من )?(أنك|أنّك)
        لست (برنامج )?روبوت
        (التحقق|فحص|تحقق) (الأمني|الأمان|من الأمان|أمني)
        """,
    "hi": "(कि )?(आप )?(इंसान|मानव|रोबोट) (हैं|नहीं|होने)\nसुरक्षा (जाँच|जांच)",
    "ja": """
        (あなたが)?(人間|ロボット)(で|では)(ある|ない|ありません)(ことを)?(確認|証明)?
        セキュリティ(チェック|確認|検証)
        しばらくお待ちください
        通常と異なるトラフィック
        """,
}

CONSENT = {
    "en": """
        before you continue
        (accept|allow|agree to) (all )?(the )?cookies
        consent to (the use of )?cookies
        you must be (at least |over )?(18|18\\+|eighteen|21)
        are you (over|at least) (18|eighteen|21)
        (age|mature content) (verification|confirmation|warning|check)
        """,
    "de": "bevor (du|sie) … ?(weiter|fort|zu)\n(alle )?cookies (akzeptieren|zulassen|erlauben|annehmen)",
    "fr": """
        avant (d'accéder|de continuer|de poursuivre)
        (autoriser|accepter) (tous )?les cookies
        consentement (aux )?cookies
        """,
    "es": "antes de (ir a|continuar|seguir)\n(aceptar|permitir) (todas )?(las )?cookies",
    "pt": "antes de (continuar|ir para|avançar)\n(aceitar|permitir) (todos )?(os )?cookies",
    "it": "prima di (continuare|accedere|procedere)\n(accetta|consenti|accettare|consentire) (tutti )?i cookie",
    "nl": "voordat (je|u) (verdergaat|doorgaat|verder gaat|naar)\n(alle )?cookies (accepteren|toestaan)",
    "pl": "zanim (przejdziesz|zaczniesz|kontynuujesz)\n(zaakceptuj|akceptuj|zezwól na) … ?(cookie|ciasteczka)",
    "ar": "قبل (المتابعة|الانتقال|أن تتابع)\n(السماح|قبول|الموافقة) … ?ملفات تعريف الارتباط",
    "hi": "जारी रखने से पहले\nकुकी(ज़)? … ?(अनुमति|स्वीकार)",
    "ja": "(続行|アクセス|続ける)(する)?前に\ncookie … ?(許可|同意|受け入れ)",
}

REFUSED = {
    "en": """
        you (have been|are|'ve been) (temporarily |permanently )?(blocked|banned|rate limited)
        access (to this page )?(has been |is )?denied
        (403 |error )?forbidden
        request (has been |was )?(blocked|unsuccessful)
        (blocked|denied) by (network security|our security)
        too many requests
        rate limit exceeded
        (don't|do not) have permission to (access|view)
        your (user agent|ip address|ip|client) .{0,200}(blocked|banned|identified as|denied)
        (internal server error|service unavailable|bad gateway|gateway time-?out)
        try again later
        something went wrong
        (javascript is (not available|disabled|required)|enable javascript|requires javascript)
        """,
}
