#!/usr/bin/env bash
# `npm start` with moto as DynamoDB and as SES. Needs `moto_server` (pip install 'moto[all,server]').
set -euo pipefail
cd "$(dirname "$0")/../.."

said=$(mktemp)
moto_server --host 127.0.0.1 --port 0 >"$said" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true; rm -f "$said"' EXIT
for _ in $(seq 300); do
  moto=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$said" | head -1 || true)
  if [ -n "$moto" ]; then break; fi
  sleep 0.2
done
if [ -z "$moto" ]; then
  printf 'FAILED  moto did not start: %s\n' "$(tail -1 "$said")"
  exit 1
fi

start() { node --import tsx cli/main.ts dev --seed examples/weekly-digest/seed.ts --port 0 --json "$@" 2>/dev/null | tail -1 || true; }
expect() {
  if printf '%s' "$2" | python3 -c "import json, re, sys; r = json.load(sys.stdin); sys.exit(0 if ($3) else 1)"; then
    printf 'ok      %s\n' "$1"
  else
    printf 'FAILED  %s: %s\n' "$1" "$2"
    exit 1
  fi
}

report=$(AWS_ENDPOINT_URL_DYNAMODB=$moto start --items 150 --chains 3)
expect 'DynamoDB of moto: the run reconciles' "$report" \
  'r["status"] == "SUCCEEDED" and r["done"] + r["skipped"] == 150 and r["mailsReceived"] == r["done"]'

# How much of the 200 is kept for production is the product's to say; a run is never to be offered more than there is.
report=$(AWS_ENDPOINT_URL_SES=$moto start --items 201 --chains 2)
expect 'SES of moto, 200 mails a day: a larger run is refused, and told how many would do' "$report" \
  'r["error"] == "Run.QuotaExceeded" and r["mailsReceived"] == 0 and 0 < int(re.search(r"at most (\d+) items", r["cause"])[1]) <= 200'

# moto counts the recipient in `Destinations` and once more in the header `To`; AWS counts `Destinations` alone.
report=$(AWS_ENDPOINT_URL_SES=$moto AWS_ENDPOINT_URL_DYNAMODB=$moto start --items 15 --chains 2)
expect 'both of moto, at one mail a second: the run reconciles' "$report" \
  'r["status"] == "SUCCEEDED" and r["done"] + r["skipped"] == 15 and r["mailsReceived"] == 2 * r["done"]'
