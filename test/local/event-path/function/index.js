/** Fails for each message whose event is about an address that begins with `fails`. */
exports.handler = async ({ Records }) => ({
  batchItemFailures: Records.filter(({ body }) =>
    JSON.parse(body).detail.mail.destination.some((address) => address.startsWith('fails')),
  ).map(({ messageId }) => ({ itemIdentifier: messageId })),
});
