#include "base/diag_line.h"

#include <string.h>

#include "base/utf8.h"

enum { TAB = 4, BEFORE_CARET = 60, MAX_CELLS = 110 };

static const char ellipsis[] = "...";

static bool within(uint32_t code, const uint32_t (*ranges)[2], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (code >= ranges[i][0] && code <= ranges[i][1])
            return true;
    return false;
}

// Controls, and characters that show nothing or turn the text's direction.
static bool is_hidden(uint32_t code)
{
    static const uint32_t ranges[][2] = {{0x00, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},
                                         {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F},
                                         {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xE0000, 0xE0FFF}};
    return within(code, ranges, sizeof ranges / sizeof *ranges);
}

// Accents that stand on the character before them.
static bool is_combining(uint32_t code)
{
    return code >= 0x300 && code <= 0x36F;
}

// East Asian wide characters and emoji take two cells.
static bool is_wide(uint32_t code)
{
    static const uint32_t ranges[][2] = {{0x1100, 0x115F}, {0x2E80, 0xA4CF}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
                                         {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}};
    return within(code, ranges, sizeof ranges / sizeof *ranges);
}

// One character as shown: how many bytes of TEXT it takes, its cells, and what to print (SHOWN has room).
struct cell {
    size_t bytes;
    int width;
    char shown[16];
};

static struct cell next_cell(const char *text, size_t len, int column)
{
    struct cell c = {0};
    uint32_t code = 0;
    c.bytes = utf8_decode(text, len, &code);
    if (c.bytes == 1 && code == '\t') {
        c.width = TAB - column % TAB;
        memset(c.shown, ' ', (size_t)c.width);
    } else if (c.bytes == 0 || is_hidden(code)) {
        c.width = snprintf(c.shown, sizeof c.shown, c.bytes > 1 ? "<U+%04X>" : "<%02X>",
                           c.bytes ? (unsigned)code : (unsigned)(unsigned char)text[0]);
        c.bytes += c.bytes == 0;
    } else {
        c.width = is_combining(code) ? 0 : is_wide(code) ? 2 : 1;
        memcpy(c.shown, text, c.bytes);
    }
    return c;
}

// Where an excerpt begins: the line's first byte, or BEFORE_CARET characters before CARET.
static const char *excerpt_begin(const char *line, const char *caret)
{
    const char *at = caret;
    for (int i = 0; at > line && i < BEFORE_CARET; i++) {
        at--;
        while (at > line && ((unsigned char)*at & 0xC0) == 0x80)
            at--;
    }
    return at - line < BEFORE_CARET / 2 ? line : at;
}

struct diag_line diag_line_cut(const struct source *s, struct span span)
{
    const char *begin;
    uint32_t len;
    source_line(s, span.begin, &begin, &len);
    const char *end = begin + len;
    const char *caret = s->text + (span.begin < s->len ? span.begin : s->len);
    caret = caret > end ? end : caret;
    const char *caret_end = s->text + (span.end < s->len ? span.end : s->len);

    const char *from = excerpt_begin(begin, caret);
    struct diag_line line = {.text = from, .cut_left = from > begin};
    int column = line.cut_left ? (int)strlen(ellipsis) : 0;
    const char *at = from;
    while (at < end && column < MAX_CELLS && at - from < 8 * MAX_CELLS) { // accents take no cells
        struct cell c = next_cell(at, (size_t)(end - at), column);
        if (at < caret)
            line.caret_column = column + c.width;
        else if (at < caret_end)
            line.caret_width += c.width;
        column += c.width;
        at += c.bytes;
    }
    if (line.caret_column == 0 && line.cut_left)
        line.caret_column = (int)strlen(ellipsis);
    line.caret_width += line.caret_width == 0;
    line.len = (size_t)(at - from);
    line.cut_right = at < end;
    return line;
}

void diag_line_put(struct writer *out, const struct diag_line *line)
{
    int column = 0;
    if (line->cut_left) {
        writer_puts(out, ellipsis);
        column = (int)strlen(ellipsis);
    }
    for (size_t i = 0; i < line->len;) {
        struct cell c = next_cell(line->text + i, line->len - i, column);
        writer_puts(out, c.shown);
        column += c.width;
        i += c.bytes;
    }
    if (line->cut_right)
        writer_puts(out, ellipsis);
}

void diag_put_safe(struct writer *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        struct cell c = next_cell(text + i, len - i, 0);
        writer_puts(out, c.shown);
        i += c.bytes;
    }
}
