#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The letters that the judge knows: kana, Latin letters and digits, signs of forms, and the ideographs of JIS X 0208, levels 1 and 2."""


def ideographs():
    """Rows 16 to 84 of JIS X 0208, as EUC-JP numbers them."""
    letters = []
    for row in range(16, 85):
        for cell in range(1, 95):
            try:
                letters.append(bytes([row + 0xa0, cell + 0xa0]).decode("euc_jp"))
            except UnicodeDecodeError:
                pass  # a place without a letter
    return letters


HIRAGANA = [chr(c) for c in range(0x3041, 0x3094)]
KATAKANA = [chr(c) for c in range(0x30a1, 0x30f7)]
ASCII = [chr(c) for c in range(0x21, 0x7f)]
SIGNS = list("、。・…‥ー々〆〇ゝゞヽヾ〃「」『』【】〔〕《》〈〉“”～→←↑↓⇒±×÷≠≦≧∞°′″℃¥§☆★○●◎◇◆□■△▲▽▼※〒①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ㈱㈲㎡㎥㎝㎏№℡☑✓㊞㊙♀♂√∴")
FORMS = list("«»≪≫▶◀▷◁►◄✔❏◦✧✦㍿㈳㊤㊥㊦㊧㊨㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽ⅱⅲⅳⅵⅶⅷⅸ〝〟‖≒∠½¼¾")  # rarer ones
WIDE = list("＃％＊＋／＜＝＞＠")  # of full width, where that is another size or place; the others look like those of ASCII
VARIANTS = list("髙﨑")  # of names, beyond JIS X 0208

LETTERS = sorted(set(ideographs() + HIRAGANA + KATAKANA + ASCII + SIGNS + FORMS + WIDE + VARIANTS))
