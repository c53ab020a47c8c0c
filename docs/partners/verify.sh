#!/bin/sh
# 用 openssl 验证一条回调的签名。 Check the signature of one web hook with openssl.
#   SECRET=whsec_… ./verify.sh WEBHOOK-ID WEBHOOK-TIMESTAMP "WEBHOOK-SIGNATURE" body.json
# 正文必须是收到的原始字节。 The body must be the very bytes that were received.
set -eu
key=$(printf '%s' "${SECRET#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \n')
expected=v1,$({ printf '%s.%s.' "$1" "$2"; cat "$4"; } | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64)
for signature in $3; do
    if [ "$signature" = "$expected" ]; then echo "签名正确 valid"; exit 0; fi
done
echo "签名不符 invalid"; exit 1
