/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VERIFY.txt, in Japanese and English. */
#include "export_guide.h"

const char export_guide[] =
    "この証拠の確かめ方（文蔵を使わず、OpenSSL だけで確かめられます）\n"
    "\n"
    "1. 署名（確定した人と、記録が変わっていないこと）\n"
    "   openssl cms -verify -binary -inform DER -in manifest.json.p7s -content manifest.json "
    "-CAfile ca.pem -out /dev/null\n"
    "2. 時刻（その時刻に署名が存在したこと。timestamp.tsr がないときは時刻印待ちです）\n"
    "   openssl ts -verify -data signature.bin -in timestamp.tsr -CAfile tsa-ca.pem\n"
    "   署名値 signature.bin は manifest.json.p7s の中の署名値と同じものです。\n"
    "3. 画像（manifest.json の tiff_sha256 と一致すること）\n"
    "   sha256sum 各ページの.tif\n"
    "ca.pem と tsa-ca.pem は、この束とは別の経路で受け取ったものと見比べてください。\n"
    "\n"
    "How to check this evidence with OpenSSL alone\n"
    "\n"
    "1. The signature: who confirmed the record, and that it is unchanged\n"
    "   openssl cms -verify -binary -inform DER -in manifest.json.p7s -content manifest.json "
    "-CAfile ca.pem -out /dev/null\n"
    "2. The time: that the signature existed then (without timestamp.tsr the timestamp is still "
    "awaited)\n"
    "   openssl ts -verify -data signature.bin -in timestamp.tsr -CAfile tsa-ca.pem\n"
    "   signature.bin is the signature value found inside manifest.json.p7s.\n"
    "3. The images: each equals its tiff_sha256 in manifest.json\n"
    "   sha256sum PAGE.tif\n"
    "Compare ca.pem and tsa-ca.pem with copies that reached you by another way.\n";
