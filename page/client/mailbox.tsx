/**
 * `Name <user@example.com>` with the name and the address each in its own direction: in one run of text, a
 * right-to-left name would tear the brackets apart.
 */
export function Mailbox({ value }: { readonly value: string }) {
  const [, name, address] = /^(.*\S)\s*(<[^<>]+>)$/.exec(value) ?? [];
  if (!name) return <bdi>{value}</bdi>;
  return (
    <span class="mailbox" dir="ltr">
      <bdi class="mailbox-name">{name}</bdi>{' '}
      <bdi class="mailbox-address" dir="ltr">
        {address}
      </bdi>
    </span>
  );
}
