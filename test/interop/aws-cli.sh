#!/usr/bin/env bash
# Operates a run with the AWS CLI, as on AWS: start, look at, stop, redrive; and puts, lists and gets objects. Needs
# `aws`, version 1 or 2.
set -euo pipefail
cd "$(dirname "$0")/../.."

output=$(mktemp)
node --import tsx cli/main.ts dev --seed examples/weekly-digest/seed.ts --items 80 --chains 2 --port 0 --serve >"$output" 2>&1 &
start=$!
files=$(mktemp -d)
trap 'kill -INT $start 2>/dev/null || true; rm -rf "$output" "$files"' EXIT

expect() {
  if [ "$2" != "$3" ]; then
    printf 'FAILED  %s: expected %s, got %s\n' "$1" "$2" "$3"
    exit 1
  fi
  printf 'ok      %s: %s\n' "$1" "$3"
}

wait_until() {
  for _ in $(seq 120); do
    if "${@:2}"; then return; fi
    sleep 0.5
  done
  printf 'FAILED  waited in vain until %s\n' "$1"
  exit 1
}

served() { grep -q WORKER_CHAINS_STACK "$output"; }
wait_until 'npm start serves' served
eval "$(grep '^ *export ' "$output")"
export AWS_PAGER=''
ask() { aws "$@" --output text; }

machine=$(ask stepfunctions list-state-machines --query 'stateMachines[0].stateMachineArn')
first=$(ask stepfunctions list-executions --state-machine-arn "$machine" --query 'executions[0].executionArn')
expect 'describe-execution' SUCCEEDED "$(ask stepfunctions describe-execution --execution-arn "$first" --query status)"
expect 'get-execution-history, two chains of 8 events' 34 \
  "$(ask stepfunctions get-execution-history --execution-arn "$first" --max-items 100 --query 'length(events)')"
expect 'get-execution-history --reverse-order' ExecutionSucceeded \
  "$(ask stepfunctions get-execution-history --execution-arn "$first" --reverse-order --max-results 1 --query 'events[0].type' | head -1)"
expect 'lambda list-functions' 8 "$(ask lambda list-functions --query 'length(Functions)')"

function=$(ask lambda list-functions --query "Functions[?contains(FunctionName, 'ReconcileRun')].FunctionName")
expect 'lambda get-function' 900 "$(ask lambda get-function --function-name "$function" --query Configuration.Timeout)"
payload=$(printf '{"runId":"nothing"}' | base64)
if aws --version 2>&1 | grep -q '^aws-cli/1'; then payload='{"runId":"nothing"}'; fi
expect 'lambda invoke' Unhandled \
  "$(ask lambda invoke --function-name "$function" --payload "$payload" --query FunctionError "$output.payload" | head -1)"
grep -q 'Run nothing is not in the ledger.' "$output.payload"
rm -f "$output.payload"

mails=$(ask ses get-send-quota --query SentLast24Hours)
expect 'ses get-send-quota' "$(grep -oE 'mails received +[0-9]+' "$output" | grep -oE '[0-9]+$').0" "$mails"

table=$(ask lambda get-function-configuration --function-name "$function" --query Environment.Variables.LEDGER_TABLE)
chains() {
  ask dynamodb query --table-name "$table" --key-condition-expression 'pk = :run AND begins_with(sk, :chain)' \
    --expression-attribute-values "{\":run\":{\"S\":\"run#$1\"},\":chain\":{\"S\":\"chain#\"}}" \
    --query 'join(`,`, Items[].status.S)'
}
expect 'dynamodb query' finished,finished "$(chains "${first##*:}")"
expect 'dynamodb scan' True "$(ask dynamodb scan --table-name "$table" --query 'Count > `2`')"

input='{"job":"weekly-digest","ids":{"first":1,"last":80},"chains":2,"rate":10}'
run=$(ask stepfunctions start-execution --state-machine-arn "$machine" --name by-hand --input "$input" --query executionArn)
sending() { [ "$(ask ses get-send-quota --query SentLast24Hours)" != "$mails" ]; }
wait_until 'the second run sends' sending
ask stepfunctions stop-execution --execution-arn "$run" --cause 'by hand' >/dev/null
expect 'stop-execution' ABORTED "$(ask stepfunctions describe-execution --execution-arn "$run" --query status)"
# A chain is `interrupted` where a link noticed the stop. One whose successor was never started may stay `handed-off`.
at_rest() { ! chains by-hand | grep -qE 'running|planned'; }
wait_until 'no link holds a chain any more' at_rest
printf 'ok      both chains have ended: %s\n' "$(chains by-hand)"
ask stepfunctions redrive-execution --execution-arn "$run" >/dev/null
ended() { [ "$(ask stepfunctions describe-execution --execution-arn "$run" --query status)" != RUNNING ]; }
wait_until 'the redriven run has ended' ended
expect 'redrive-execution' SUCCEEDED "$(ask stepfunctions describe-execution --execution-arn "$run" --query status)"
expect 'everybody got one mail from each run' "$(python3 -c "print(2 * $mails)")" "$(ask ses get-send-quota --query SentLast24Hours)"

bucket=acme-exports
aws s3 mb "s3://$bucket" >/dev/null
printf 'id,name\n1,Zoë\n' >"$files/users.csv"
key='exports 2026/users+ünï.csv'
aws s3 cp "$files/users.csv" "s3://$bucket/$key" >/dev/null
aws s3 cp "s3://$bucket/$key" "$files/back.csv" >/dev/null
expect 's3 cp, there and back' '' "$(cmp "$files/users.csv" "$files/back.csv")"
expect 's3 ls of a folder' 'users+ünï.csv' "$(aws s3 ls "s3://$bucket/exports 2026/" | sed 's/^.*  *[0-9]* //')"
expect 's3 ls rolls keys up' 'PRE exports 2026/' "$(aws s3 ls "s3://$bucket" | sed 's/^ *//')"
mkdir -p "$files/tree/a/b"
for name in a/1 a/2 a/b/3; do printf '%s' "$name" >"$files/tree/$name"; done
# S3 tells when an object was made in whole seconds, and the CLI takes a file of a later fraction for a newer one.
find "$files/tree" -type f -exec touch -d '1 hour ago' {} +
aws s3 cp --recursive "$files/tree" "s3://$bucket/tree" >/dev/null
expect 's3 sync of what is there has nothing to do' '' "$(aws s3 sync "$files/tree" "s3://$bucket/tree")"
aws s3 sync "s3://$bucket/tree" "$files/copy" >/dev/null
expect 's3 sync back' '' "$(diff -r "$files/tree" "$files/copy")"
expect 's3api list-objects-v2, in pages of one' 'tree/a/1,tree/a/2,tree/a/b/3' \
  "$(ask s3api list-objects-v2 --bucket "$bucket" --prefix tree/ --page-size 1 --query 'Contents[].Key' | tr '\t\n' ',,' | sed 's/,$//')"
object() { ask s3api "$1" --bucket "$bucket" --key "$key" "${@:2}"; }
etag=$(object head-object --query ETag)
expect 's3api head-object' "\"$(md5sum "$files/users.csv" | cut -d' ' -f1)\"" "$etag"
expect 's3api get-object of a range' 'bytes 3-6/15' \
  "$(object get-object --range bytes=3-6 --if-match "$etag" --query ContentRange "$files/part")"
expect 'its bytes' name "$(cat "$files/part")"
for algorithm in CRC32 SHA1 SHA256; do
  object put-object --body "$files/users.csv" --checksum-algorithm "$algorithm" >/dev/null
  expect "s3api put-object with $algorithm" FULL_OBJECT \
    "$(object get-object --checksum-mode ENABLED --query ChecksumType "$files/back.csv")"
done
refusal() { "$@" 2>&1 >/dev/null | grep -oE '\([A-Za-z0-9]+\)' | head -1 || true; }
expect 'an ETag of another object' '(PreconditionFailed)' "$(refusal object get-object --if-match '"0"' "$files/none")"
expect 'a range behind its end' '(InvalidRange)' "$(refusal object get-object --range bytes=15- "$files/none")"
expect 'a key that nobody put' '(NoSuchKey)' "$(refusal aws s3api get-object --bucket "$bucket" --key none "$files/none")"
expect 'a bucket that nobody made' '(NoSuchBucket)' "$(refusal aws s3api list-objects-v2 --bucket "$bucket-2")"
expect 'deletion, which is not implemented' '(NotImplemented)' "$(refusal object delete-object)"
head -c 9000000 /dev/zero >"$files/large"
expect 'an upload in parts, which is not implemented' '(NotImplemented)' "$(refusal aws s3 cp "$files/large" "s3://$bucket/large")"
aws s3api put-object --bucket "$bucket" --key large --body "$files/large" >/dev/null
aws s3 cp "s3://$bucket/large" "$files/back" >/dev/null
expect 's3 cp of a large object, which it gets in ranges' '' "$(cmp "$files/large" "$files/back")"
