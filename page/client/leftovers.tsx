import { leftoverItems } from '../../functions/contract/outcomes';
import type { LeftoverGroup, LeftoversView, RunView } from '../view';
import { count, counted } from './format';

/** Ids that are shown before somebody asks for more. */
const FEW_IDS = 8;

interface Props {
  readonly run: RunView;
  readonly leftovers: LeftoversView | undefined;
}

/** Who did not get it, and why: a run may have succeeded and yet leave items to somebody. */
export function Leftovers({ run, leftovers }: Props) {
  const { totals, leftoversCommand } = run;
  const { unprocessed, inDoubt } = totals;
  if (leftoverItems(totals) === 0) return null;
  return (
    <div class={unprocessed > 0 ? 'leftovers' : 'leftovers doubtful'} role="note">
      <h2>
        {[unprocessed > 0 && `${count(unprocessed)} unprocessed`, inDoubt > 0 && `${count(inDoubt)} in doubt`]
          .filter(Boolean)
          .join(', ')}
      </h2>
      {leftovers && leftovers.groups.length > 0 && <Groups leftovers={leftovers} />}
      {leftoversCommand && (
        <p>
          List them: <code>{leftoversCommand}</code>
        </p>
      )}
    </div>
  );
}

function Groups({ leftovers: { groups, isWhole } }: { readonly leftovers: LeftoversView }) {
  return (
    <>
      <ul class="leftover-groups">
        {groups.map((group) => (
          <li key={`${group.outcome} ${group.code}`}>
            <Group group={group} />
          </li>
        ))}
      </ul>
      {!isWhole && <p class="muted">Of the first ones in the ledger: there are more than the page reads.</p>}
    </>
  );
}

function Group({ group: { outcome, code, message, items, ids, chains } }: { readonly group: LeftoverGroup }) {
  const few = ids.slice(0, FEW_IDS).join(', ');
  const where = chains.length === 1 ? `chain ${chains[0]}` : counted(chains.length, 'chain');
  return (
    <>
      <b>{count(items)}</b> {outcome === 'in-doubt' ? 'in doubt' : outcome} with <code>{code}</code>, {where}
      <span class="message">{message}</span>
      {ids.length > FEW_IDS ? (
        <details>
          <summary>
            {few} and {count(items - FEW_IDS)} more
          </summary>
          <p class="ids">
            {ids.join(', ')}
            {items > ids.length && ` and ${count(items - ids.length)} more`}
          </p>
        </details>
      ) : (
        <p class="ids">{few}</p>
      )}
    </>
  );
}
