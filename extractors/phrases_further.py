"""What pages say in place of what was asked for, in nine further languages. Vocabulary only, as in `phrases`."""

from __future__ import annotations

THINGS = {
    "ru": "страница|страницы|страницу|пост|запись|публикация|контент|материал|видео|видеозапись|ролик|фото|фотография"
    "|аккаунт|учетная запись|учётная запись|профиль|пользователь|канал|группа|сообщество|ссылка|комментарий|тема"
    "|сообщение|твит|история|статья|объект",
    "uk": "сторінка|сторінку|допис|публікація|вміст|контент|відео|фото|обліковий запис|профіль|користувач|канал|група"
    "|посилання|коментар|тема|повідомлення",
    "tr": "sayfa|sayfaya|gönderi|gönderiye|içerik|içeriğe|video|videoya|fotoğraf|hesap|hesabı|profil|profile|kullanıcı"
    "|kanal|grup|bağlantı|yorum|konu|tweet|hikaye",
    "id": "halaman|konten|postingan|kiriman|video|foto|akun|profil|pengguna|tautan|komentar|grup|saluran|cerita",
    "vi": "trang|nội dung|bài viết|video|ảnh|tài khoản|liên kết|người dùng|kênh|nhóm|bình luận",
    "sv": "sidan|inlägget|innehållet|videon|kontot|profilen|länken|bilden|användaren|kanalen|gruppen"
    "|kommentaren|tråden",
    "zh": "页面|頁面|网页|網頁|内容|內容|帖子|貼文|视频|視頻|影片|账号|帳號|账户|帳戶|用户|用戶|链接|連結|推文"
    "|评论|評論|文章|频道|頻道|群组|社團|主题",
    "ko": "페이지|게시물|게시글|콘텐츠|동영상|영상|비디오|계정|프로필|사용자|채널|그룹|링크|댓글|트윗|포스트|사진|글",
    "el": "σελίδα|ανάρτηση|δημοσίευση|περιεχόμενο|βίντεο|λογαριασμός|προφίλ|σύνδεσμος|χρήστης|θέμα",
}

REMOVED = {
    "ru": """
        {thing} (… )?(недоступ|не доступ)\\w*
        {thing} (… )?(удал[её]н|скрыт)\\w*( (автором|пользователем|владельцем|администра\\w+))?
        (видео|видеозапись|запись) закрыт\\w*
        {thing} не (найден|существует|существу|обнаружен)\\w*
        (такой|этой|запрошенной) (страницы|записи|темы|публикации) (не существует|нет)
        """,
    "uk": "{thing} (… )?(недоступн|видален|вилучен)\\w*\n{thing} не (знайден|існує)\\w*",
    "tr": """
        {thing} (şu anda |şu an |artık |maalesef )*(kullanılamıyor|kullanılamaz|mevcut değil|görüntülenemiyor|bulunamadı
        +|ulaşılamıyor|yok|silindi|silinmiş|kaldırıldı|kaldırılmış)
        böyle bir {thing} (yok|bulunamadı)
        """,
    "id": "{thing} (ini )?(saat ini |sudah |sedang |telah )*(tidak tersedia|tidak ada|tidak ditemukan|dihapus)",
    "vi": """
        {thing} (này )?(hiện |hiện tại |đã )*(không (khả dụng|có sẵn|tồn tại|tìm thấy|hiển thị)|bị (xóa|gỡ))
        không (xem được|tìm thấy) (\\w+ )?{thing}( này)?
        """,
    "sv": """
        {thing} (är|finns) (tyvärr |inte |för närvarande |längre )+(tillgänglig|tillgängligt|kvar)?
        {thing} (har )?(tagits bort|raderats)
        {thing} (kunde inte hittas|hittades inte|existerar inte)
        """,
    "zh": """
        {thing}(目前|暂时|暫時|已|現在|现在|当前)*(不可用|无法使用|無法使用|无法显示|無法顯示|无法查看|無法查看|不存在|找不到|未找到)
        {thing}(目前|已|已经|已經)*(被)?(作者|用户|發佈者|发布者)?(删除|刪除|移除)
        (找不到|未找到)(该|此|這個|这个)?{thing}
        """,
    "ko": """
        {thing}(을|를|이|가|은|는)? ?(현재 |지금 |더 이상 )?(사용할 수 없|이용할 수 없|볼 수 없
        +|찾을 수 없|존재하지 않|표시할 수 없)
        {thing}(이|가|은|는)? ?(작성자에 의해 )?삭제
        """,
    "el": "{thing} (… )?δεν (είναι διαθέσιμ|βρέθηκε|υπάρχει)\\w*\n{thing} (… )?(διαγράφηκε|αφαιρέθηκε)",
}

SUSPENDED = {
    "ru": """
        (аккаунт|аккаунта|учетной записи|учётной записи|учетная запись|страница|профиль|пользователь|канал|группа
        +|сообщество) (… )?(приостановлен|заблокирован)\\w*
        """,
    "uk": "(обліковий запис|сторінка|профіль|користувач|канал) (… )?(призупинен|заблокован)\\w*",
    "tr": "(hesap|hesabı|kullanıcı|kanal) (… )?(askıya alın|kapatıl|engellen)\\w*",
    "id": "(akun|pengguna|saluran) (… )?(ditangguhkan|dinonaktifkan|diblokir)",
    "vi": "(tài khoản|kênh)( này)? (… )?(bị (đình chỉ|khóa|tạm ngưng))",
    "sv": "(kontot|användaren|profilen|kanalen|konto) (… )?(stängts av|avstängt|avstängd|spärrat)",
    "zh": "(账号|帳號|账户|帳戶|用户|用戶|频道|頻道)(已|已经|已經|被)*(冻结|凍結|封禁|停用|停權|暂停|暫停|封鎖|封锁)",
    "ko": "(계정|사용자|채널)(이|은|는)? ?(일시 |영구 )?(정지|중지|비활성화)",
    "el": "(λογαριασμός|χρήστης|κανάλι) (… )?(ανασταλεί|αναστάλθηκε|απενεργοποιηθεί)",
}

PRIVATE = {
    "ru": """
        (это )?(закрыт|приватн)(ый|ая|ое) (аккаунт|профиль|страница|группа|сообщество)
        (аккаунт|профиль|страница|группа) (… )?(закрыт|закрыта|приватный)\\b
        (посты|твиты|записи) (… )?защищены
        ограничивает круг
        возрастн\\w+ ограничени\\w+
        """,
    "uk": "(закритий|приватний) (обліковий запис|профіль)\n(дописи|пости) (… )?захищені",
    "tr": "(hesap|profil) gizli\ngizli hesap\n(gönderiler|tweetler)\\w* (… )?korun(uyor|muş)\nyaş kısıtlama\\w*",
    "id": "akun (ini )?(bersifat )?(pribadi|privat)\n(postingan|kiriman) (ini )?dilindungi",
    "vi": "(tài khoản|trang cá nhân)( này)? (là )?riêng tư",
    "sv": "(kontot|profilen|gruppen) är privat\nprivat konto\n(inlägg|inläggen) är skyddade",
    "zh": "(帐户|账户|账号|帐号|帳號|帳戶)(为|是)?(私密|私人|不公开|不公開)\n(帖子|推文)(已)?(受到?保护|受到?保護)",
    "ko": "비공개 (계정|프로필|그룹)\n(계정|프로필)(은|이)? 비공개",
    "el": "(λογαριασμός|προφίλ) είναι (ιδιωτικός|ιδιωτικό)",
}

GEO = {
    "ru": "недоступ\\w* в (вашей|твоей|этой|вашем|этом) (стране|регионе)",
    "uk": "недоступн\\w* у (вашій|цій) (країні|регіоні)",
    "tr": "(ülkenizde|bölgenizde|ülkende|bölgende|bu ülkede) (… )?(kullanılamıyor|izlenemiyor|mevcut değil)",
    "id": "tidak tersedia di (negara|wilayah)( anda| ini)?",
    "sv": "inte tillgänglig\\w* i (ditt|det här) (land|område)",
    "zh": "(您|你)所在的?(国家|國家|地区|地區)",
    "ko": "(해당|이|귀하의|사용자의) (국가|지역)에서",
}

LOGIN = {
    "ru": """
        (войдите|войти|авторизуйтесь) (… )?(чтобы|для) … ?(продолжить|просмотр|посмотреть|подтвердить|увидеть)( \\w+)*
        (необходимо|нужно|требуется) … ?(войти|авторизоваться|авторизация|вход)
        """,
    "uk": "(увійдіть|увійти|авторизуйтесь) (… )?(щоб|для)",
    "tr": "(görmek|devam etmek|izlemek|onaylamak) için … ?giriş yap\\w*\ngiriş yap(ın|manız gerek)",
    "id": "(silakan|harus|perlu) … ?(masuk|login)\n(masuk|login) untuk (melihat|melanjutkan|mengonfirmasi)",
    "vi": "(vui lòng |bạn phải |cần )?đăng nhập để (xem|tiếp tục|xác nhận)",
    "sv": "logga in för att (se|fortsätta|bekräfta|visa)\n(måste|behöver) (vara inloggad|logga in)",
    "zh": "(请|請)(先)?(登录|登入)\n(登录|登入)(后|後|以|才)(能|可|查看|继续|繼續)*",
    "ko": "로그인(하세요|이 필요|해야|하여 |하면)",
    "el": "(συνδεθείτε|σύνδεση) για να",
}
