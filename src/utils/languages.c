#include "utils/languages.h"

/* Sorted by code. */
const nu__language nu__languages[] = {
    { "af", "Afrikaans", "Afrikaans", false },
    { "ar", "Arabic", "العربيّة", true },
    { "ar-dz", "Algerian Arabic", "العربية الجزائرية", true },
    { "ast", "Asturian", "asturianu", false },
    { "az", "Azerbaijani", "Azərbaycanca", true },
    { "be", "Belarusian", "беларуская", false },
    { "bg", "Bulgarian", "български", false },
    { "bn", "Bengali", "বাংলা", false },
    { "br", "Breton", "brezhoneg", false },
    { "bs", "Bosnian", "bosanski", false },
    { "ca", "Catalan", "català", false },
    { "ckb", "Central Kurdish (Sorani)", "کوردی", true },
    { "cs", "Czech", "česky", false },
    { "cy", "Welsh", "Cymraeg", false },
    { "da", "Danish", "dansk", false },
    { "de", "German", "Deutsch", false },
    { "dsb", "Lower Sorbian", "dolnoserbski", false },
    { "el", "Greek", "Ελληνικά", false },
    { "en", "English", "English", false },
    { "en-au", "Australian English", "Australian English", false },
    { "en-gb", "British English", "British English", false },
    { "eo", "Esperanto", "Esperanto", false },
    { "es", "Spanish", "español", false },
    { "es-ar", "Argentinian Spanish", "español de Argentina", false },
    { "es-co", "Colombian Spanish", "español de Colombia", false },
    { "es-mx", "Mexican Spanish", "español de Mexico", false },
    { "es-ni", "Nicaraguan Spanish", "español de Nicaragua", false },
    { "es-ve", "Venezuelan Spanish", "español de Venezuela", false },
    { "et", "Estonian", "eesti", false },
    { "eu", "Basque", "Basque", false },
    { "fa", "Persian", "فارسی", true },
    { "fi", "Finnish", "suomi", false },
    { "fr", "French", "français", false },
    { "fy", "Frisian", "frysk", false },
    { "ga", "Irish", "Gaeilge", false },
    { "gd", "Scottish Gaelic", "Gàidhlig", false },
    { "gl", "Galician", "galego", false },
    { "he", "Hebrew", "עברית", true },
    { "hi", "Hindi", "हिंदी", false },
    { "hr", "Croatian", "Hrvatski", false },
    { "hsb", "Upper Sorbian", "hornjoserbsce", false },
    { "hu", "Hungarian", "Magyar", false },
    { "hy", "Armenian", "հայերեն", false },
    { "ia", "Interlingua", "Interlingua", false },
    { "id", "Indonesian", "Bahasa Indonesia", false },
    { "ig", "Igbo", "Asụsụ Ìgbò", false },
    { "io", "Ido", "ido", false },
    { "is", "Icelandic", "Íslenska", false },
    { "it", "Italian", "italiano", false },
    { "ja", "Japanese", "日本語", false },
    { "ka", "Georgian", "ქართული", false },
    { "kab", "Kabyle", "taqbaylit", false },
    { "kk", "Kazakh", "Қазақ", false },
    { "km", "Khmer", "Khmer", false },
    { "kn", "Kannada", "Kannada", false },
    { "ko", "Korean", "한국어", false },
    { "ky", "Kyrgyz", "Кыргызча", false },
    { "lb", "Luxembourgish", "Lëtzebuergesch", false },
    { "lt", "Lithuanian", "Lietuviškai", false },
    { "lv", "Latvian", "latviešu", false },
    { "mk", "Macedonian", "Македонски", false },
    { "ml", "Malayalam", "മലയാളം", false },
    { "mn", "Mongolian", "Mongolian", false },
    { "mr", "Marathi", "मराठी", false },
    { "ms", "Malay", "Bahasa Melayu", false },
    { "my", "Burmese", "မြန်မာဘာသာ", false },
    { "nb", "Norwegian Bokmal", "norsk (bokmål)", false },
    { "ne", "Nepali", "नेपाली", false },
    { "nl", "Dutch", "Nederlands", false },
    { "nn", "Norwegian Nynorsk", "norsk (nynorsk)", false },
    { "no", "Norwegian", "norsk", false },
    { "os", "Ossetic", "Ирон", false },
    { "pa", "Punjabi", "Punjabi", false },
    { "pl", "Polish", "polski", false },
    { "pt", "Portuguese", "Português", false },
    { "pt-br", "Brazilian Portuguese", "Português Brasileiro", false },
    { "ro", "Romanian", "Română", false },
    { "ru", "Russian", "Русский", false },
    { "sk", "Slovak", "slovensky", false },
    { "sl", "Slovenian", "Slovenščina", false },
    { "sq", "Albanian", "shqip", false },
    { "sr", "Serbian", "српски", false },
    { "sr-latn", "Serbian Latin", "srpski (latinica)", false },
    { "sv", "Swedish", "svenska", false },
    { "sw", "Swahili", "Kiswahili", false },
    { "ta", "Tamil", "தமிழ்", false },
    { "te", "Telugu", "తెలుగు", false },
    { "tg", "Tajik", "тоҷикӣ", false },
    { "th", "Thai", "ภาษาไทย", false },
    { "tk", "Turkmen", "Türkmençe", false },
    { "tr", "Turkish", "Türkçe", false },
    { "tt", "Tatar", "Татарча", false },
    { "udm", "Udmurt", "Удмурт", false },
    { "ug", "Uyghur", "ئۇيغۇرچە", true },
    { "uk", "Ukrainian", "Українська", false },
    { "ur", "Urdu", "اردو", true },
    { "uz", "Uzbek", "oʻzbek tili", false },
    { "vi", "Vietnamese", "Tiếng Việt", false },
    { "zh-hans", "Simplified Chinese", "简体中文", false },
    { "zh-hant", "Traditional Chinese", "繁體中文", false },
    { 0 },
};

static const struct {
    const char *code, *other;
} same[] = {
    { "zh-cn", "zh-hans" }, { "zh-hk", "zh-hant" }, { "zh-mo", "zh-hant" },
    { "zh-my", "zh-hans" }, { "zh-sg", "zh-hans" }, { "zh-tw", "zh-hant" },
};

static const nu__language *exactly(nu_str code)
{
    for (const nu__language *language = nu__languages; language->code; language++)
        if (nu_eq(code, language->code))
            return language;
    return NULL;
}

const char *nu__language_fallback(nu_str code)
{
    for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
        if (nu_eq(code, same[i].code))
            return same[i].other;
    return NULL;
}

/* "no" has a name only. */
bool nu__language_has_words(nu_str code)
{
    size_t general = 0;

    while (general < code.len && code.ptr[general] != '-' && code.ptr[general] != '@')
        general++;
    code.len = exactly(code) ? code.len : general;
    return exactly(code) && !nu_eq(code, "no");
}

const nu__language *nu__language_named(nu_str code)
{
    const nu__language *language = exactly(code);
    const char *dash = code.len ? memchr(code.ptr, '-', code.len) : NULL;

    if (!language && nu__language_fallback(code))
        language = exactly(nu_s(nu__language_fallback(code)));
    if (!language && dash)
        language = exactly((nu_str){ code.ptr, (size_t)(dash - code.ptr) });
    return language;
}
