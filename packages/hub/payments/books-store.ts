import type { Queries } from "../platform/index.ts";

/** What the movements of each payment and gift card make, beside what its row says; only those that differ. */
export async function findDifferences(queries: Queries): Promise<string[]> {
  const side = (bucket: string) =>
    `coalesce(sum(case '${bucket}' when to_bucket then m.amount_minor when from_bucket then -m.amount_minor end), 0)`;
  const rows = await queries.query<{ wrong: string }>({
    name: "payments/find_differences",
    text: `select 'payment ' || i.payment_id as wrong
             from payments_intent i left join payments_movement m using (payment_id) group by i.payment_id
           having (i.authorised_minor, i.captured_minor, i.refunded_minor, i.released_minor)
                  <> (${side("authorised")}, ${side("captured")}, ${side("refunded")}, ${side("released")})
           union all
           select 'gift card ' || c.gift_card_id
             from payments_gift_card c left join payments_gift_movement m using (gift_card_id) group by c.gift_card_id
           having (c.balance_minor, c.spent_minor) <> (${side("balance")}, ${side("spent")})
           union all
           select 'gift card payment ' || i.payment_id
             from payments_intent i left join payments_gift_movement m on m.payment_id = i.payment_id
            where i.method = 'gift_card' group by i.payment_id
           having i.captured_minor <> ${side("spent")}
           union all
           select 'movement of no payment ' || m.movement_id from payments_movement m
            where not exists (select from payments_intent i where i.payment_id = m.payment_id)
           union all
           select 'movement of no gift card ' || m.movement_id from payments_gift_movement m
            where not exists (select from payments_gift_card c where c.gift_card_id = m.gift_card_id)
            order by 1 limit 100`,
    values: [],
  });
  return rows.map(({ wrong }) => wrong);
}

export async function countMoves(queries: Queries): Promise<number> {
  const rows = await queries.query<{ moves: string }>({
    name: "payments/count_moves",
    text: `select (select count(*) from payments_movement) + (select count(*) from payments_gift_movement) as moves`,
    values: [],
  });
  return Number(rows[0]!.moves);
}
