/* What a text is made of: UTF-8, characters, and the formats a field may ask for. */
#include <ctype.h>
#include <string.h>

#include "password.h"
#include "record.h"

enum {
    CARD_DIGITS_MIN = 13,
    CARD_DIGITS_MAX = 19,
};

/* How many bytes the character at the front takes; 0: it is none. RFC 3629: nothing longer than
   need be, no surrogates, nothing above U+10FFFF. */
static size_t character_size(const uint8_t *c, size_t left)
{
    size_t size = *c < 0x80 ? 1 : *c < 0xc2 ? 0 : *c < 0xe0 ? 2 : *c < 0xf0 ? 3 : *c < 0xf5 ? 4 : 0;

    if (size > left)
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((c[i] & 0xc0) != 0x80)
            return 0;
    if ((*c == 0xe0 && c[1] < 0xa0) || (*c == 0xed && c[1] > 0x9f))
        return 0;
    if ((*c == 0xf0 && c[1] < 0x90) || (*c == 0xf4 && c[1] > 0x8f))
        return 0;
    return size;
}

bool souk_text_measure(souk_bytes_t bytes, size_t *characters)
{
    const uint8_t *c = bytes.data, *end = c + bytes.size;

    for (*characters = 0; c < end; (*characters)++) {
        size_t size = *c ? character_size(c, (size_t)(end - c)) : 0;

        if (!size)
            return false;
        c += size;
    }
    return true;
}

static bool is_email_local(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!isalnum((unsigned char)text[i]) && !strchr(".!#$%&'*+/=?^_`{|}~-", text[i]))
            return false;
    return size >= 1 && size <= 64;
}

static bool is_domain_label(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!isalnum((unsigned char)text[i]) && text[i] != '-')
            return false;
    return size >= 1 && size <= 63 && *text != '-' && text[size - 1] != '-';
}

/* As HTML's input type=email has it: whether mail arrives is only known by sending one. */
static bool is_email(const char *text)
{
    const char *at = strchr(text, '@');

    if (!at || strlen(text) > 254 || !is_email_local(text, (size_t)(at - text)))
        return false;
    for (const char *label = at + 1;; label++) {
        size_t size = strcspn(label, ".");

        if (!is_domain_label(label, size))
            return false;
        label += size;
        if (!*label)
            return true;
    }
}

static bool is_currency(const char *text)
{
    return strlen(text) == 3 && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

static bool is_url(const char *text)
{
    const char *host = NULL;

    if (strncmp(text, "https://", 8) == 0)
        host = text + 8;
    else if (strncmp(text, "http://", 7) == 0)
        host = text + 7;
    if (!host || !isalnum((unsigned char)*host))
        return false;
    for (const char *c = host; *c; c++)
        if (*c <= ' ' || *c > '~' || strchr("\"<>\\^`{|}", *c))
            return false;
    return true;
}

/* Whether a country has it is another matter: region.h. */
static bool is_region(const char *text)
{
    size_t size = strlen(text);
    return size >= 1 && size <= 3 && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == size;
}

/* ISO 3166-1, as it is in 2024: two letters each. */
static bool is_country(const char *text)
{
    static const char codes[] =
        "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICK"
        "CLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGS"
        "GTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULV"
        "LYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPM"
        "PNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTR"
        "TTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW";

    for (const char *code = codes; *code; code += 2)
        if (strlen(text) == 2 && memcmp(code, text, 2) == 0)
            return true;
    return false;
}

/* Luhn (ISO/IEC 7812-1): from the right, every second digit counts twice. */
static bool passes_luhn(const int *digits, int count)
{
    int sum = 0;

    for (int i = 0; i < count; i++) {
        int digit = digits[count - 1 - i] << (i & 1);
        sum += digit > 9 ? digit - 9 : digit;
    }
    return sum % 10 == 0;
}

/* Whether a card's number begins here, in groups of digits with spaces or dashes between them. */
static bool is_card(const char *text)
{
    int digits[CARD_DIGITS_MAX], count = 0;

    for (const char *c = text; isdigit((unsigned char)*c) || *c == ' ' || *c == '-'; c++) {
        if (*c == ' ' || *c == '-')
            continue;
        if (count == CARD_DIGITS_MAX)
            return false;
        digits[count++] = *c - '0';
        if (!isdigit((unsigned char)c[1]) && count >= CARD_DIGITS_MIN && passes_luhn(digits, count))
            return true;
    }
    return false;
}

/* An id may look like a card within, and is none. */
static bool holds_card(const char *text)
{
    if (souk_uuid_parse(text, (uint8_t[SOUK_UUID_BYTES]){ 0 }))
        return false;
    for (const char *c = text; *c; c++) {
        bool begins = c == text || !isdigit((unsigned char)c[-1]);
        if (begins && isdigit((unsigned char)*c) && is_card(c))
            return true;
    }
    return false;
}

bool souk_format_fits(souk_format_t format, const char *text)
{
    switch (format) {
    case SOUK_ANY:
        return true;
    case SOUK_UUID:
        return souk_uuid_parse(text, (uint8_t[SOUK_UUID_BYTES]){ 0 });
    case SOUK_EMAIL:
        return is_email(text);
    case SOUK_CURRENCY:
        return is_currency(text);
    case SOUK_COUNTRY:
        return is_country(text);
    case SOUK_REGION:
        return is_region(text);
    case SOUK_PASSWORD:
        return !souk_password_is_common(text);
    case SOUK_URL:
        return is_url(text);
    case SOUK_NO_CARD:
        return !holds_card(text);
    case SOUK_FORMATS:
        break;
    }
    return false;
}
