#!/bin/sh
# Makes the certificates of this folder: for each curve and hash a CA, NAME.ca.pem, and a server certificate that it signed,
# NAME.pem. Only the keys of the servers with SHA-512 are kept, as NAME.key: test servers use them.
set -eu
cd "$(dirname "$0")"
keys=$(mktemp -d)
trap 'rm -r "$keys"' EXIT
for name in P-256.sha512 P-384.sha512 P-521.sha256 P-521.sha384 P-521.sha512; do
    curve=${name%.*} hash=${name#*.}
    for key in ca server; do
        openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$curve" -out "$keys/$key.key"
    done
    openssl req -x509 -new -key "$keys/ca.key" "-$hash" -days 36500 -subj "/CN=CA $name" -out "$name.ca.pem"
    openssl req -new -key "$keys/server.key" -subj "/CN=localhost" -out "$keys/server.csr"
    printf 'subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n' > "$keys/extensions"
    openssl x509 -req -in "$keys/server.csr" -CA "$name.ca.pem" -CAkey "$keys/ca.key" -set_serial 1 "-$hash" \
        -days 36500 -extfile "$keys/extensions" -out "$name.pem"
    [ "$hash" != sha512 ] || cp "$keys/server.key" "$name.key"
done
