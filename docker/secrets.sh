#!/bin/sh
# Make what is secret, where it is missing: docker/secrets.sh [FOLDER]. Nothing that is there is touched.
# MONGODB_HOSTS names other servers than those of docker-compose.yml, TLS_NAME another host than localhost.
set -eu
folder=${1:-$(dirname "$0")/secrets}
hosts=${MONGODB_HOSTS:-mongo1:27017,mongo2:27017,mongo3:27017}
name=${TLS_NAME:-localhost}

# The folder is for its owner alone. Most files are readable all the same: within containers the users are others.
mkdir -p -m 700 "$folder"
umask 022

# make FILE COMMAND...: the file appears when it is complete.
make() {
    [ -s "$folder/$1" ] && return
    file=$1; shift
    "$@" > "$folder/$file.new"
    mv "$folder/$file.new" "$folder/$file"
    echo "made $folder/$file"
}

uri() {
    echo "mongodb://$1:$(openssl rand -hex 24)@$hosts/$2?replicaSet=rs0&authSource=admin"
}

make mongodb_key openssl rand -base64 756
chmod 600 "$folder/mongodb_key"
make mongodb_root_uri uri root ""
make mongodb_deployer_uri uri deployer paytm
make mongodb_uri uri paytm paytm
make jwt_secret openssl rand -hex 32
# What the cash books are encrypted with: without it nobody reads them again, so keep a copy apart from the backups.
make encryption_keys sh -c 'echo "$(date +%Y-%m):$(openssl rand -base64 32)"'
# What Prometheus shows to read the figures, and what whoever looks at them in Grafana signs in with, as admin.
make metrics_token openssl rand -hex 32
make grafana_password openssl rand -hex 16
# Signed by itself, so browsers warn: put a real pair of files in its place.
if [ ! -s "$folder/tls_certificate" ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 825 -subj "/CN=$name" \
        -addext "subjectAltName=DNS:$name,IP:127.0.0.1" \
        -keyout "$folder/tls_key" -out "$folder/tls_certificate" 2>/dev/null
    echo "made $folder/tls_certificate"
fi
