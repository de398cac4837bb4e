-- Printed from the migrations by `npm run generate`. For reading: migrations make the database.

CREATE OR REPLACE FUNCTION public.events_tail(members uuid[], folded_at pg_snapshot, folded_tx xid8)
 RETURNS json
 LANGUAGE sql
 STABLE
AS $function$
  select json_agg(json_build_object(
           'source', source, 'id', id, 'type', type, 'timeMs', time_ms, 'receivedAtMs', received_ms,
           'channel', channel, 'store', store, 'session', session, 'identities', identities, 'data', data))
    from events_log
   where person_id = any(members) and tx >= pg_snapshot_xmin(folded_at)
     and tx <> folded_tx and not pg_visible_in_snapshot(tx, folded_at)
$function$;

CREATE OR REPLACE FUNCTION public.payments_refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'movements of money are only ever added to; correct one by another that goes back';
end $function$;

CREATE OR REPLACE FUNCTION public.people_living(ids uuid[])
 RETURNS SETOF uuid
 LANGUAGE sql
AS $function$
  select person_id from people_person where person_id = any(ids) and erased_ms is null
   order by person_id for key share
$function$;

CREATE OR REPLACE FUNCTION public.platform_assert(p_holds boolean, p_what text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if p_holds is not true then
    raise exception using errcode = 'assert_failure', message = 'It must hold that ' || p_what || '.';
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.platform_begin_again_unless(is_as_read boolean)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if is_as_read is not true then
    raise exception 'a row was changed since it was read' using errcode = 'serialization_failure';
  end if;
end
$function$;

CREATE OR REPLACE FUNCTION public.platform_furthest_transaction()
 RETURNS xid8
 LANGUAGE plpgsql
AS $function$
declare
  found record;
  one xid8;
  furthest xid8 := '0';
begin
  for found in
    select c.oid::regclass as relation, a.attname as name, a.atttypid = 'pg_snapshot'::regtype as is_snapshot
      from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped
       and a.atttypid in ('xid8'::regtype, 'pg_snapshot'::regtype)
  loop
    execute format('select tx from (select %s as tx from %s) as t where tx is not null order by tx desc limit 1',
                   format(case when found.is_snapshot then 'pg_snapshot_xmax(%I)' else '%I' end, found.name),
                   found.relation)
       into one;
    if one > furthest then furthest := one; end if;
  end loop;
  return furthest;
end
$function$;

CREATE OR REPLACE FUNCTION public.platform_horizon()
 RETURNS xid8
 LANGUAGE sql
 STABLE
AS $function$
  select least(
           coalesce(
             (select one from pg_snapshot_xip(pg_current_snapshot()) as one
               where one::xid <> all (array(
                       select backend_xid from pg_stat_get_activity(null)
                        where backend_xid is not null
                          and datid <> (select oid from pg_database where datname = current_database())))
               order by one limit 1),
             pg_snapshot_xmax(pg_current_snapshot())),
           pg_current_xact_id_if_assigned())
$function$;

CREATE OR REPLACE FUNCTION public.platform_spend_transactions(most integer)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  create temp table platform_spent (nothing boolean) on commit drop;
  for i in 1..most loop
    begin
      insert into platform_spent values (null);
    exception when division_by_zero then null; -- never raised: what can be caught is a subtransaction
    end;
  end loop;
end
$function$;

create table catalog_item (
  sku text not null,
  version bigint not null,
  category text not null,
  item json not null,
  constraint catalog_item_pkey PRIMARY KEY (sku)
);
CREATE INDEX catalog_item_changed ON catalog_item USING btree (version);
CREATE INDEX catalog_item_of_category ON catalog_item USING btree (category, sku);
comment on table catalog_item is 'Owner: catalog. Retention: for ever. Personal data: none. Each item as it is now.';

create table catalog_item_version (
  sku text not null,
  version bigint not null,
  item json not null,
  recorded_ms bigint default 0 not null,
  constraint catalog_item_version_pkey PRIMARY KEY (sku, version)
);
comment on table catalog_item_version is 'Owner: catalog. Retention: as long as decisions, which are replayed with it. Personal data: none. Each item as it was from a version on; only ever added to.';

create table catalog_place (
  place_id text not null,
  version bigint not null,
  place json not null,
  constraint catalog_place_pkey PRIMARY KEY (place_id)
);
CREATE INDEX catalog_place_changed ON catalog_place USING btree (version);
comment on table catalog_place is 'Owner: catalog. Retention: for ever. Personal data: none. Each place as it is now.';

create table catalog_place_version (
  place_id text not null,
  version bigint not null,
  place json not null,
  constraint catalog_place_version_pkey PRIMARY KEY (place_id, version)
);
comment on table catalog_place_version is 'Owner: catalog. Retention: as long as decisions, which are replayed with it. Personal data: none. Each place as it was from a version on; only ever added to.';

create table catalog_place_version_now (
  only_row boolean default true not null,
  version bigint not null,
  constraint catalog_place_version_now_pkey PRIMARY KEY (only_row),
  constraint catalog_place_version_now_only_row_check CHECK (only_row)
);
comment on table catalog_place_version_now is 'Owner: catalog. Retention: for ever. Personal data: none. The last change of places; a writer holds its row, so that versions are committed in order.';

create table catalog_pricing_rule (
  kind text not null,
  id text not null,
  version bigint not null,
  sku text,
  rule json not null,
  constraint catalog_pricing_rule_pkey PRIMARY KEY (kind, id),
  constraint catalog_pricing_rule_check CHECK ((sku IS NOT NULL) = (kind = 'price'::text)),
  constraint catalog_pricing_rule_kind_check CHECK (kind = ANY (ARRAY['price'::text, 'promotion'::text, 'tax'::text]))
);
CREATE INDEX catalog_pricing_rule_changed ON catalog_pricing_rule USING btree (version);
CREATE INDEX catalog_pricing_rule_of_sku ON catalog_pricing_rule USING btree (sku, id);
comment on table catalog_pricing_rule is 'Owner: catalog. Retention: for ever. Personal data: none. Each price row, promotion and tax as it is now.';

create table catalog_pricing_rule_version (
  kind text not null,
  id text not null,
  version bigint not null,
  recorded_ms bigint not null,
  sku text,
  rule json not null,
  constraint catalog_pricing_rule_version_pkey PRIMARY KEY (kind, id, version)
);
CREATE INDEX catalog_pricing_rule_version_of_sku ON catalog_pricing_rule_version USING btree (sku, version);
CREATE INDEX catalog_pricing_rule_version_recorded ON catalog_pricing_rule_version USING btree (kind, version);
comment on table catalog_pricing_rule_version is 'Owner: catalog. Retention: for ever, as proof of prior prices. Personal data: none. Each price row, promotion and tax as it was from a version on, and when it was told; only ever added to.';

create table catalog_pricing_version (
  only_row boolean default true not null,
  version bigint not null,
  constraint catalog_pricing_version_pkey PRIMARY KEY (only_row),
  constraint catalog_pricing_version_only_row_check CHECK (only_row)
);
comment on table catalog_pricing_version is 'Owner: catalog. Retention: for ever. Personal data: none. The last change of prices, promotions or taxes; a writer holds its row, so that versions are committed in order.';

create table catalog_version (
  only_row boolean default true not null,
  version bigint not null,
  constraint catalog_version_pkey PRIMARY KEY (only_row),
  constraint catalog_version_only_row_check CHECK (only_row)
);
comment on table catalog_version is 'Owner: catalog. Retention: for ever. Personal data: none. The last change; a writer holds its row, so that versions are committed in order.';

create table decide_decision (
  person_id uuid not null,
  decision_id uuid not null,
  decided_ms bigint not null,
  placement text not null,
  basis text not null,
  record json not null,
  constraint decide_decision_pkey PRIMARY KEY (person_id, decision_id)
);
CREATE INDEX decide_decision_newest ON decide_decision USING btree (decision_id);
comment on table decide_decision is 'Owner: decide. Retention: 400 days. Personal data: what was shown to a person and why; erased with the person. Nobody''s decisions have the nil person_id.';
comment on column decide_decision.decision_id is 'UUID version 7: sorts by the time of the decision.';

create table decide_policy (
  version text not null,
  kept_ms bigint not null,
  policy json not null,
  constraint decide_policy_pkey PRIMARY KEY (version)
);
comment on table decide_policy is 'Owner: decide. Retention: as long as decisions, which are replayed with it. Personal data: none. Each policy that was in charge; only ever added to.';

create table events_cursor (
  consumer text not null,
  tx xid8 not null,
  "position" bigint not null,
  constraint events_cursor_pkey PRIMARY KEY (consumer)
);
comment on table events_cursor is 'Owner: events. Retention: for ever. Personal data: none. How far each consumer has read the log.';

create table events_erased (
  source text not null,
  erased_ms bigint not null,
  events bigint not null
);
comment on table events_erased is 'Owner: events. Retention: for ever. Personal data: none. How many applied events were erased with their person.';

create table events_log (
  "position" bigint generated always as identity not null,
  tx xid8 default pg_current_xact_id() not null,
  person_id uuid not null,
  source text not null,
  id text not null,
  type text not null,
  time_ms bigint not null,
  received_ms bigint not null,
  channel text,
  store text,
  session text,
  identities json not null,
  data json not null
);
CREATE INDEX events_log_assets ON events_log USING btree ("position") WHERE (type = ANY (ARRAY['asset.registered'::text, 'asset.read'::text, 'asset.serviced'::text, 'asset.repaired'::text, 'asset.retired'::text]));
CREATE INDEX events_log_handed_on ON events_log USING btree (tx, "position") WHERE (type = ANY (ARRAY['decision.exposed'::text, 'decision.outcome'::text, 'order.placed'::text, 'order.updated'::text, 'order.returned'::text, 'order.cancelled'::text]));
CREATE INDEX events_log_of_person ON events_log USING btree (person_id, tx);
CREATE UNIQUE INDEX events_log_once ON events_log USING btree (source, id);
CREATE INDEX events_log_purchases ON events_log USING btree ("position") WHERE (type = ANY (ARRAY['order.placed'::text, 'order.cancelled'::text]));
comment on table events_log is 'Owner: events. Retention: by event type. Personal data: identities and data; erased with the person. Nobody''s events have the nil person_id.';
comment on column events_log.tx is 'Readers stop at platform_horizon: a slow transaction''s event is never skipped.';
comment on column events_log.person_id is 'The person at home to the strongest identity; never rewritten by a merge, so that a merge can be undone.';

create table events_quarantine (
  quarantine_id uuid not null,
  source text not null,
  digest bytea not null,
  received_ms bigint not null,
  reason text not null,
  detail text not null,
  pointer text,
  event_id text,
  bytes bytea not null,
  settled text,
  settled_ms bigint,
  constraint events_quarantine_pkey PRIMARY KEY (quarantine_id),
  constraint events_quarantine_source_digest_key UNIQUE (source, digest),
  constraint events_quarantine_settled_check CHECK (settled = ANY (ARRAY['repaired'::text, 'dropped'::text]))
);
CREATE INDEX events_quarantine_open ON events_quarantine USING btree (quarantine_id) WHERE (settled IS NULL);
comment on table events_quarantine is 'Owner: events. Retention: 90 days after it was settled. Personal data: what the sender sent, card numbers blanked.';

create table events_tally (
  tally_id bigint generated always as identity not null,
  source text not null,
  day date not null,
  applied bigint default 0 not null,
  repeat bigint default 0 not null,
  quarantined bigint default 0 not null,
  erased bigint default 0 not null,
  constraint events_tally_pkey PRIMARY KEY (tally_id)
);
comment on table events_tally is 'Owner: events. Retention: for ever, rolled up by day. Personal data: none. One row per intake transaction, so that no row is fought over.';

create table measure_exposure (
  person_id uuid not null,
  time_ms bigint not null,
  source text not null,
  event_id text not null,
  decision_id text not null,
  key text not null,
  sku text,
  constraint measure_exposure_pkey PRIMARY KEY (person_id, time_ms, source, event_id)
);
CREATE INDEX measure_exposure_oldest ON measure_exposure USING brin (time_ms);
comment on table measure_exposure is 'Owner: measure. Retention: 400 days. Personal data: what a person saw and when; erased with the person.';
comment on column measure_exposure.person_id is 'The home of the log, here and in the tables below: never rewritten, so that merges and their undoing need nothing done here.';

create table measure_order (
  person_id uuid not null,
  time_ms bigint not null,
  source text not null,
  event_id text not null,
  kind text not null,
  order_id text,
  return_id text,
  currency text,
  total_minor bigint not null,
  skus json not null,
  constraint measure_order_pkey PRIMARY KEY (person_id, time_ms, source, event_id),
  constraint measure_order_kind_check CHECK (kind = ANY (ARRAY['placed'::text, 'updated'::text, 'returned'::text, 'cancelled'::text]))
);
CREATE INDEX measure_order_oldest ON measure_order USING brin (time_ms);
comment on table measure_order is 'Owner: measure. Retention: 400 days. Personal data: what a person bought, returned and paid; erased with the person. One row per event of an order.';

create table measure_outcome (
  person_id uuid not null,
  time_ms bigint not null,
  source text not null,
  event_id text not null,
  decision_id text not null,
  key text,
  outcome text not null,
  constraint measure_outcome_pkey PRIMARY KEY (person_id, time_ms, source, event_id)
);
CREATE INDEX measure_outcome_oldest ON measure_outcome USING brin (time_ms);
comment on table measure_outcome is 'Owner: measure. Retention: 400 days. Personal data: what came of a decision; erased with the person.';

create table moments_moment (
  person_id uuid not null,
  moment_id uuid not null,
  kind text not null,
  subject text not null,
  found_ms bigint not null,
  window_start_ms bigint not null,
  window_end_ms bigint not null,
  confidence double precision not null,
  evidence json not null,
  constraint moments_moment_pkey PRIMARY KEY (person_id, moment_id),
  constraint moments_moment_confidence_check CHECK (confidence >= 0::double precision AND confidence <= 1::double precision)
);
CREATE INDEX moments_moment_ending ON moments_moment USING btree (window_end_ms);
CREATE INDEX moments_moment_newest ON moments_moment USING btree (found_ms, moment_id);
comment on table moments_moment is 'Owner: moments. Retention: 400 days after its window. Personal data: what a person may need; erased with the person. What is open is in the profile.';

create table moments_scan (
  kind text not null,
  begun_ms bigint not null,
  model_version bigint not null,
  constraint moments_scan_pkey PRIMARY KEY (kind)
);
comment on table moments_scan is 'Owner: moments. Retention: for ever. Personal data: none. When all profiles were last looked through, and with which model.';

create table offers_budget (
  offer_id text not null,
  used bigint not null,
  constraint offers_budget_pkey PRIMARY KEY (offer_id)
);
comment on table offers_budget is 'Owner: offers. Retention: for ever. Personal data: none. How often each offer was taken up.';

create table offers_offer (
  id text not null,
  version bigint not null,
  offer json not null,
  constraint offers_offer_pkey PRIMARY KEY (id)
);
comment on table offers_offer is 'Owner: offers. Retention: for ever. Personal data: none. Each offer as it is now.';

create table offers_offer_version (
  id text not null,
  version bigint not null,
  offer json not null,
  constraint offers_offer_version_pkey PRIMARY KEY (id, version)
);
comment on table offers_offer_version is 'Owner: offers. Retention: as long as decisions, which are replayed with it. Personal data: none. Each offer as it was from a version on; only ever added to.';

create table offers_placement (
  id text not null,
  version bigint not null,
  placement json not null,
  constraint offers_placement_pkey PRIMARY KEY (id)
);
comment on table offers_placement is 'Owner: offers. Retention: for ever. Personal data: none. Each placement as it is now.';

create table offers_placement_version (
  id text not null,
  version bigint not null,
  placement json not null,
  constraint offers_placement_version_pkey PRIMARY KEY (id, version)
);
comment on table offers_placement_version is 'Owner: offers. Retention: as long as decisions. Personal data: none. Each placement as it was from a version on; only ever added to.';

create table offers_use (
  offer_id text not null,
  decision_id text not null,
  used_ms bigint not null,
  constraint offers_use_pkey PRIMARY KEY (offer_id, decision_id)
);
comment on table offers_use is 'Owner: offers. Retention: 400 days after the offer ended. Personal data: none beyond ids of decisions. One row per decision whose offer was taken up, so that one is never counted twice.';

create table offers_version (
  only_row boolean default true not null,
  version bigint not null,
  constraint offers_version_pkey PRIMARY KEY (only_row),
  constraint offers_version_only_row_check CHECK (only_row)
);
comment on table offers_version is 'Owner: offers. Retention: for ever. Personal data: none. The last change of offers or placements; a writer holds its row, so that versions are committed in order.';

create table orders_act (
  order_id text not null,
  act_id text not null,
  kind text not null,
  source text not null,
  person_id uuid,
  at_ms bigint not null,
  refund_minor bigint default 0 not null,
  told json not null,
  constraint orders_act_pkey PRIMARY KEY (order_id, act_id),
  constraint orders_act_kind_check CHECK (kind = ANY (ARRAY['placed'::text, 'updated'::text, 'shipped'::text, 'cancelled'::text, 'returned'::text])),
  constraint orders_act_refund_minor_check CHECK (refund_minor >= 0)
);
CREATE INDEX orders_act_of_person ON orders_act USING btree (person_id) WHERE (person_id IS NOT NULL);
comment on table orders_act is 'Owner: orders. Retention: with its order; only ever added to. Personal data: whose it is, reasons given; erased like its order. An act of an order that nobody has told of yet waits for it.';

create table orders_cart (
  cart_id uuid not null,
  code text not null,
  state text not null,
  person_id uuid,
  version bigint not null,
  expires_ms bigint not null,
  cart json not null,
  constraint orders_cart_pkey PRIMARY KEY (cart_id),
  constraint orders_cart_state_check CHECK (state = ANY (ARRAY['open'::text, 'ordered'::text, 'merged'::text, 'expired'::text]))
) with (fillfactor=70);
CREATE UNIQUE INDEX orders_cart_code ON orders_cart USING btree (code) WHERE (state = 'open'::text);
CREATE INDEX orders_cart_expires ON orders_cart USING btree (expires_ms);
CREATE INDEX orders_cart_merged_code ON orders_cart USING btree (code) WHERE (state = 'merged'::text);
CREATE INDEX orders_cart_of_members ON orders_cart USING btree (person_id) WHERE (person_id IS NOT NULL);
CREATE UNIQUE INDEX orders_cart_of_person ON orders_cart USING btree (person_id) WHERE ((state = 'open'::text) AND (person_id IS NOT NULL));
comment on table orders_cart is 'Owner: orders. Retention: 30 days after it was last changed. Personal data: what somebody means to buy; erased with the person.';
comment on column orders_cart.cart is 'Lines, context and what is held; changed only under the lock of the row.';

create table orders_line (
  order_id text not null,
  line integer not null,
  sku text not null,
  quantity numeric not null,
  total_minor bigint not null,
  shipped numeric default 0 not null,
  cancelled numeric default 0 not null,
  returned numeric default 0 not null,
  constraint orders_line_pkey PRIMARY KEY (order_id, line),
  constraint orders_line_cancelled_check CHECK (cancelled >= 0::numeric),
  constraint orders_line_check CHECK ((shipped + cancelled) <= quantity),
  constraint orders_line_check1 CHECK (returned <= shipped),
  constraint orders_line_quantity_check CHECK (quantity > 0::numeric),
  constraint orders_line_returned_check CHECK (returned >= 0::numeric),
  constraint orders_line_shipped_check CHECK (shipped >= 0::numeric)
) with (fillfactor=80);
comment on table orders_line is 'Owner: orders. Retention: with its order. Personal data: none of its own.';

create table orders_order (
  order_id text not null,
  origin text not null,
  state text not null,
  person_id uuid,
  cart_id uuid,
  channel text,
  place text,
  currency text not null,
  total_minor bigint not null,
  refunded_minor bigint default 0 not null,
  version bigint not null,
  placed_ms bigint not null,
  body json not null,
  constraint orders_order_pkey PRIMARY KEY (order_id),
  constraint orders_order_check CHECK (origin = 'event'::text OR refunded_minor <= total_minor),
  constraint orders_order_origin_check CHECK (origin = ANY (ARRAY['hub'::text, 'event'::text])),
  constraint orders_order_refunded_minor_check CHECK (refunded_minor >= 0),
  constraint orders_order_state_check CHECK (state = ANY (ARRAY['placed'::text, 'partly_shipped'::text, 'shipped'::text, 'partly_returned'::text, 'returned'::text, 'cancelled'::text]))
) with (fillfactor=80);
CREATE INDEX orders_order_of_person ON orders_order USING btree (person_id, placed_ms, order_id) WHERE (person_id IS NOT NULL);
CREATE INDEX orders_order_of_place ON orders_order USING btree (place, placed_ms, order_id) WHERE (place IS NOT NULL);
CREATE INDEX orders_order_placed ON orders_order USING btree (placed_ms, order_id);
comment on table orders_order is 'Owner: orders. Retention: 10 years, as books are kept. Personal data: whose it is; the hub''s own orders stay without a person when theirs is erased, other systems'' go.';
comment on column orders_order.body is 'How the cart was priced, and where the goods come from; changed only under the lock of the row.';

create table payments_gift_card (
  gift_card_id text not null,
  code_hash bytea not null,
  last4 text not null,
  currency text not null,
  issued_minor bigint not null,
  balance_minor bigint not null,
  spent_minor bigint default 0 not null,
  issued_ms bigint not null,
  expires_ms bigint,
  constraint payments_gift_card_pkey PRIMARY KEY (gift_card_id),
  constraint payments_gift_card_code_hash_key UNIQUE (code_hash),
  constraint payments_gift_card_balance_minor_check CHECK (balance_minor >= 0),
  constraint payments_gift_card_check CHECK ((balance_minor + spent_minor) = issued_minor),
  constraint payments_gift_card_issued_minor_check CHECK (issued_minor > 0),
  constraint payments_gift_card_spent_minor_check CHECK (spent_minor >= 0)
);
comment on table payments_gift_card is 'Owner: payments. Retention: for ever (money the shop owes). Personal data: none. Each gift card and what it is worth; its code is kept as a keyed hash.';

create table payments_gift_movement (
  movement_id uuid not null,
  gift_card_id text not null,
  from_bucket text not null,
  to_bucket text not null,
  amount_minor bigint not null,
  reason text not null,
  command_id text not null,
  payment_id uuid,
  at_ms bigint not null,
  nth bigint generated always as identity not null,
  constraint payments_gift_movement_pkey PRIMARY KEY (movement_id),
  constraint payments_gift_movement_amount_minor_check CHECK (amount_minor > 0),
  constraint payments_gift_movement_check CHECK (from_bucket <> to_bucket),
  constraint payments_gift_movement_from_bucket_check CHECK (from_bucket = ANY (ARRAY['outside'::text, 'balance'::text, 'spent'::text])),
  constraint payments_gift_movement_to_bucket_check CHECK (to_bucket = ANY (ARRAY['outside'::text, 'balance'::text, 'spent'::text]))
);
CREATE INDEX payments_gift_movement_of_card ON payments_gift_movement USING btree (gift_card_id, nth);
CREATE UNIQUE INDEX payments_gift_movement_once ON payments_gift_movement USING btree (command_id, payment_id, to_bucket);
comment on table payments_gift_movement is 'Owner: payments. Retention: for ever (money the shop owes). Personal data: none. Every movement of a gift card''s money, only ever added to.';

create table payments_intent (
  payment_id uuid not null,
  order_id text,
  command_id text not null,
  nth integer not null,
  method text not null,
  provider text not null,
  reference text,
  currency text not null,
  amount_minor bigint not null,
  authorised_minor bigint default 0 not null,
  captured_minor bigint default 0 not null,
  refunded_minor bigint default 0 not null,
  released_minor bigint default 0 not null,
  outcome text default 'created'::text not null,
  state text generated always as (
CASE
    WHEN ((refunded_minor > 0) AND (captured_minor = 0)) THEN 'refunded'::text
    WHEN (refunded_minor > 0) THEN 'partly_refunded'::text
    WHEN (captured_minor > 0) THEN 'captured'::text
    WHEN (authorised_minor > 0) THEN 'authorised'::text
    WHEN (released_minor > 0) THEN 'voided'::text
    ELSE outcome
END) stored not null,
  details json default '{}'::json not null,
  opened_ms bigint not null,
  constraint payments_intent_pkey PRIMARY KEY (payment_id),
  constraint payments_intent_amount_minor_check CHECK (amount_minor > 0),
  constraint payments_intent_authorised_minor_check CHECK (authorised_minor >= 0),
  constraint payments_intent_captured_minor_check CHECK (captured_minor >= 0),
  constraint payments_intent_check CHECK ((authorised_minor + captured_minor + refunded_minor + released_minor) <= amount_minor),
  constraint payments_intent_outcome_check CHECK (outcome = ANY (ARRAY['created'::text, 'action_needed'::text, 'declined'::text, 'voided'::text])),
  constraint payments_intent_refunded_minor_check CHECK (refunded_minor >= 0),
  constraint payments_intent_released_minor_check CHECK (released_minor >= 0)
) with (fillfactor=70);
CREATE UNIQUE INDEX payments_intent_of_command ON payments_intent USING btree (order_id, command_id, nth);
CREATE INDEX payments_intent_of_order ON payments_intent USING btree (order_id) WHERE (order_id IS NOT NULL);
CREATE UNIQUE INDEX payments_intent_reference ON payments_intent USING btree (provider, method, reference) WHERE (reference IS NOT NULL);
comment on table payments_intent is 'Owner: payments. Retention: for ever (money). Personal data: none beyond the id of an order and the last four digits of a card. Each payment and where its money is: the sum of its movements.';

create table payments_movement (
  movement_id uuid not null,
  payment_id uuid not null,
  from_bucket text not null,
  to_bucket text not null,
  amount_minor bigint not null,
  reason text not null,
  command_id text not null,
  at_ms bigint not null,
  nth bigint generated always as identity not null,
  constraint payments_movement_pkey PRIMARY KEY (movement_id),
  constraint payments_movement_amount_minor_check CHECK (amount_minor > 0),
  constraint payments_movement_check CHECK (from_bucket <> to_bucket),
  constraint payments_movement_from_bucket_check CHECK (from_bucket = ANY (ARRAY['outside'::text, 'authorised'::text, 'captured'::text, 'refunded'::text, 'released'::text])),
  constraint payments_movement_to_bucket_check CHECK (to_bucket = ANY (ARRAY['outside'::text, 'authorised'::text, 'captured'::text, 'refunded'::text, 'released'::text]))
);
CREATE UNIQUE INDEX payments_movement_once ON payments_movement USING btree (payment_id, command_id, to_bucket);
comment on table payments_movement is 'Owner: payments. Retention: for ever (money). Personal data: none. Every movement of money from one bucket to another, only ever added to; what was wrong is corrected by one that goes back. command_id is the caller''s name of it.';

create table payments_operation (
  operation_id uuid not null,
  payment_id uuid not null,
  kind text not null,
  amount_minor bigint not null,
  token text,
  outcome text default 'pending'::text not null,
  reason text,
  client_secret text,
  tries integer default 0 not null,
  next_ms bigint not null,
  asked_ms bigint not null,
  nth bigint generated always as identity not null,
  constraint payments_operation_pkey PRIMARY KEY (operation_id),
  constraint payments_operation_kind_check CHECK (kind = ANY (ARRAY['authorise'::text, 'capture'::text, 'void'::text, 'refund'::text])),
  constraint payments_operation_outcome_check CHECK (outcome = ANY (ARRAY['pending'::text, 'action_needed'::text, 'done'::text, 'declined'::text, 'failed'::text]))
);
CREATE INDEX payments_operation_due ON payments_operation USING btree (next_ms) WHERE (outcome = ANY (ARRAY['pending'::text, 'action_needed'::text]));
CREATE INDEX payments_operation_of_payment ON payments_operation USING btree (payment_id, nth);
comment on table payments_operation is 'Owner: payments. Retention: for ever (money). Personal data: none; token is a provider''s name for a card, removed once it was used. What a provider is asked, written before it is asked: operation_id is the key under which it acts once.';

create table people_apart (
  one uuid not null,
  other uuid not null,
  constraint people_apart_pkey PRIMARY KEY (one, other),
  constraint people_apart_one_fkey FOREIGN KEY (one) REFERENCES people_person(person_id),
  constraint people_apart_other_fkey FOREIGN KEY (other) REFERENCES people_person(person_id),
  constraint people_apart_check CHECK (one < other)
);
comment on table people_apart is 'Owner: people. Retention: with the person. Personal data: none beyond ids. Pairs that an undo has said are two people.';

create table people_erasures (
  only_row boolean default true not null,
  count bigint not null,
  constraint people_erasures_pkey PRIMARY KEY (only_row),
  constraint people_erasures_only_row_check CHECK (only_row)
);
comment on table people_erasures is 'Owner: people. Retention: for ever. Personal data: none. How many people were erased: whoever remembers identities forgets them when it has risen.';

create table people_identity (
  kind text not null,
  value text not null,
  person_id uuid not null,
  first_seen_ms bigint not null,
  constraint people_identity_pkey PRIMARY KEY (kind, value)
);
CREATE INDEX people_identity_of_person ON people_identity USING btree (person_id);
comment on table people_identity is 'Owner: people. Retention: with the person. Personal data: all of it.';

create table people_merge (
  merge_id uuid not null,
  winner uuid not null,
  loser uuid not null,
  moved uuid[] not null,
  source text not null,
  event_id text not null,
  merged_ms bigint not null,
  undone_ms bigint,
  constraint people_merge_pkey PRIMARY KEY (merge_id),
  constraint people_merge_loser_fkey FOREIGN KEY (loser) REFERENCES people_person(person_id),
  constraint people_merge_winner_fkey FOREIGN KEY (winner) REFERENCES people_person(person_id)
);
CREATE INDEX people_merge_of_loser ON people_merge USING btree (loser);
CREATE INDEX people_merge_of_winner ON people_merge USING btree (winner);
comment on table people_merge is 'Owner: people. Retention: with the person. Personal data: which ids are one person.';

create table people_person (
  person_id uuid not null,
  merged_into uuid,
  members uuid[] not null,
  version bigint default 0 not null,
  head_ms bigint default 0 not null,
  fold_version text default ''::text not null,
  wake_ms bigint,
  erased_ms bigint,
  slices json default '{}'::json not null,
  folded_at pg_snapshot default '1:1:'::pg_snapshot not null,
  folded_tx xid8 default '0'::xid8 not null,
  constraint people_person_pkey PRIMARY KEY (person_id),
  constraint people_person_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES people_person(person_id)
) with (fillfactor=60);
CREATE INDEX people_person_merged ON people_person USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX people_person_wake ON people_person USING btree (wake_ms) WHERE (wake_ms IS NOT NULL);
comment on table people_person is 'Owner: people. Retention: until erased or by retention of its events. Personal data: slices.';

create table people_tombstone (
  digest bytea not null,
  erased_ms bigint not null,
  constraint people_tombstone_pkey PRIMARY KEY (digest)
);
comment on table people_tombstone is 'Owner: people. Retention: for ever. Personal data: keyed hashes of erased identities, so that late events cannot bring a person back.';

create table platform_idempotency (
  key_id text not null,
  route text not null,
  key text not null,
  fingerprint bytea not null,
  status integer not null,
  response json not null,
  created_at timestamp with time zone default now() not null,
  constraint platform_idempotency_pkey PRIMARY KEY (key_id, route, key)
);
CREATE INDEX platform_idempotency_created ON platform_idempotency USING btree (created_at);
comment on table platform_idempotency is 'Owner: platform. Retention: 7 days. Personal data: what the answer held.';

create table platform_key (
  key_id text not null,
  source text not null,
  kind text not null,
  secret_hash bytea not null,
  scopes text[] not null,
  label text not null,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint platform_key_pkey PRIMARY KEY (key_id),
  constraint platform_key_secret_hash_key UNIQUE (secret_hash),
  constraint platform_key_kind_check CHECK (kind = ANY (ARRAY['public'::text, 'secret'::text]))
);
comment on table platform_key is 'Owner: platform. Retention: for ever (revoked keys stay, for the audit). Personal data: none.';

create table platform_migration (
  name text not null,
  applied_at timestamp with time zone default now() not null,
  constraint platform_migration_pkey PRIMARY KEY (name)
);
comment on table platform_migration is 'Owner: platform. Retention: for ever. Personal data: none.';

create table platform_outbox (
  tx xid8 default pg_current_xact_id() not null,
  "position" bigint generated always as identity not null,
  topic text not null,
  key text not null,
  place text,
  person_id uuid,
  at_ms bigint not null,
  data json not null,
  constraint platform_outbox_pkey PRIMARY KEY (tx, "position")
);
CREATE INDEX platform_outbox_of_person ON platform_outbox USING btree (person_id) WHERE (person_id IS NOT NULL);
comment on table platform_outbox is 'Owner: platform. Retention: 24 hours. Personal data: none beyond ids; erased with the person. What changed, for subscribers and webhooks.';
comment on column platform_outbox.tx is 'Readers stop at platform_horizon: a slow transaction''s change is never skipped.';

create table platform_setting (
  name text not null,
  value json not null,
  constraint platform_setting_pkey PRIMARY KEY (name)
);
comment on table platform_setting is 'Owner: platform. Retention: for ever. Personal data: none.';

create table scores_anomaly (
  day_ms bigint not null,
  place_id text not null,
  channel text not null,
  is_all boolean not null,
  version bigint not null,
  told_ms bigint not null,
  seen bigint not null,
  low double precision not null,
  expected double precision not null,
  high double precision not null,
  score double precision not null,
  constraint scores_anomaly_pkey PRIMARY KEY (day_ms, place_id, channel, is_all)
);
comment on table scores_anomaly is 'Owner: scores. Retention: until it is told anew. Personal data: none. On which days a place or a channel had strangely few or many orders.';

create table scores_demand (
  sku text not null,
  place_id text not null,
  week_ms bigint not null,
  version bigint not null,
  told_ms bigint not null,
  low double precision not null,
  median double precision not null,
  high double precision not null,
  constraint scores_demand_pkey PRIMARY KEY (sku, place_id, week_ms)
);
comment on table scores_demand is 'Owner: scores. Retention: until it is told anew. Personal data: none. How many of an item will be asked for at a place in a week.';

create table scores_family (
  family text not null,
  tried_ms bigint not null,
  outcome json not null,
  constraint scores_family_pkey PRIMARY KEY (family)
);
comment on table scores_family is 'Owner: scores. Retention: for ever. Personal data: none. How the last training of each family went.';

create table scores_model (
  version bigint generated always as identity not null,
  trained_ms bigint not null,
  from_ms bigint not null,
  until_ms bigint not null,
  people integer not null,
  orders integer not null,
  items integer not null,
  bytes bytea not null,
  card json not null,
  champion boolean default false not null,
  family text not null,
  drift json,
  constraint scores_model_pkey PRIMARY KEY (version)
);
CREATE UNIQUE INDEX scores_model_champion ON scores_model USING btree (family) WHERE champion;
CREATE INDEX scores_model_of_family ON scores_model USING btree (family, version);
comment on table scores_model is 'Owner: scores. Retention: for ever, so that decisions can be replayed. Personal data: none; item statistics over everybody.';

create table scores_person (
  person_id uuid not null,
  family text not null,
  subject text not null,
  version bigint not null,
  scored_ms bigint not null,
  score json not null,
  constraint scores_person_pkey PRIMARY KEY (person_id, family, subject)
);
CREATE INDEX scores_person_of_family ON scores_person USING btree (family, person_id, subject);
comment on table scores_person is 'Owner: scores. Retention: until the next scoring of the family. Personal data: what a model expects of a person or a thing of theirs; erased with the person.';

create table scores_scored (
  family text not null,
  scored_ms bigint not null,
  constraint scores_scored_pkey PRIMARY KEY (family)
);
comment on table scores_scored is 'Owner: scores. Retention: for ever. Personal data: none. When everybody was last scored by a family.';

create table scores_training (
  job_id uuid not null,
  state text not null,
  step text default 'waiting'::text not null,
  share_done double precision default 0 not null,
  detail text default ''::text not null,
  version bigint,
  asked_ms bigint not null,
  changed_ms bigint not null,
  family text,
  outcomes json default '[]'::json not null,
  constraint scores_training_pkey PRIMARY KEY (job_id),
  constraint scores_training_state_check CHECK (state = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'refused'::text, 'failed'::text, 'stopped'::text]))
);
CREATE INDEX scores_training_newest ON scores_training USING btree (asked_ms);
comment on table scores_training is 'Owner: scores. Retention: 400 days. Personal data: none. How each training went: of one family, or of all.';

create table send_attempt (
  webhook_id uuid not null,
  delivery_id uuid not null,
  nth integer not null,
  at_ms bigint not null,
  took_ms bigint not null,
  status integer,
  outcome text not null,
  answer text not null,
  constraint send_attempt_pkey PRIMARY KEY (webhook_id, delivery_id, nth),
  constraint send_attempt_webhook_id_delivery_id_fkey FOREIGN KEY (webhook_id, delivery_id) REFERENCES send_delivery(webhook_id, delivery_id) ON DELETE CASCADE
);
comment on table send_attempt is 'Owner: send. Retention: with its delivery. Personal data: none of ours; the first 500 characters that the receiver answered.';

create table send_cursor (
  only_row boolean default true not null,
  tx xid8 not null,
  "position" bigint not null,
  constraint send_cursor_pkey PRIMARY KEY (only_row),
  constraint send_cursor_only_row_check CHECK (only_row)
);
comment on table send_cursor is 'Owner: send. Retention: for ever. Personal data: none. How far the outbox was made into deliveries; a hub holds the row meanwhile.';

create table send_delivery (
  webhook_id uuid not null,
  delivery_id uuid not null,
  person_id uuid,
  topic text not null,
  body text not null,
  state text not null,
  attempts integer default 0 not null,
  tries integer default 0 not null,
  due_ms bigint not null,
  leased_until_ms bigint default 0 not null,
  made_ms bigint not null,
  constraint send_delivery_pkey PRIMARY KEY (webhook_id, delivery_id),
  constraint send_delivery_webhook_id_fkey FOREIGN KEY (webhook_id) REFERENCES send_webhook(webhook_id) ON DELETE CASCADE,
  constraint send_delivery_state_check CHECK (state = ANY (ARRAY['waiting'::text, 'delivered'::text, 'failed'::text]))
);
CREATE INDEX send_delivery_due ON send_delivery USING btree (webhook_id, due_ms) WHERE (state = 'waiting'::text);
CREATE INDEX send_delivery_made ON send_delivery USING btree (made_ms);
CREATE INDEX send_delivery_of_person ON send_delivery USING btree (person_id) WHERE (person_id IS NOT NULL);
comment on table send_delivery is 'Owner: send. Retention: 30 days. Personal data: none beyond ids; erased with the person. What is to be sent, and what became of it.';
comment on column send_delivery.tries is 'Of this round of the schedule; a replay begins a new one. attempts counts all.';

create table send_webhook (
  webhook_id uuid not null,
  url text not null,
  topics text[] not null,
  label text not null,
  secret text not null,
  state text not null,
  why text,
  failures integer default 0 not null,
  failing_since_ms bigint,
  made_ms bigint not null,
  from_tx xid8 default platform_horizon() not null,
  secrets_before json default '[]'::json not null,
  constraint send_webhook_pkey PRIMARY KEY (webhook_id),
  constraint send_webhook_state_check CHECK (state = ANY (ARRAY['active'::text, 'paused'::text, 'disabled'::text])),
  constraint send_webhook_why_check CHECK (why = ANY (ARRAY['gone'::text, 'failing'::text]))
);
comment on table send_webhook is 'Owner: send. Retention: until deleted. Personal data: none. Where changes are sent to; secrets sign and are shown once.';
comment on column send_webhook.failures is 'In a row; failing_since_ms is when the first of them was.';
comment on column send_webhook.from_tx is 'Changes of earlier transactions are not sent to it.';

create table stock_allocation (
  order_id text not null,
  for_sku text not null,
  place_id text not null,
  sku text not null,
  quantity bigint not null,
  constraint stock_allocation_pkey PRIMARY KEY (order_id, for_sku, place_id, sku),
  constraint stock_allocation_quantity_check CHECK (quantity > 0)
);
comment on table stock_allocation is 'Owner: stock. Retention: until shipped or given back. Personal data: none. What is put aside for an order at which place.';

create table stock_command (
  command_id text not null,
  recorded_ms bigint not null,
  constraint stock_command_pkey PRIMARY KEY (command_id)
);
comment on table stock_command is 'Owner: stock. Retention: for ever, as long as the movements. Personal data: none. The callers'' ids of what was moved, so that nothing moves twice.';

create table stock_hold (
  hold_id text not null,
  owner text not null,
  channel text not null,
  expires_ms bigint not null,
  constraint stock_hold_pkey PRIMARY KEY (hold_id)
);
CREATE INDEX stock_hold_by_end ON stock_hold USING btree (expires_ms);
CREATE INDEX stock_hold_of_owner ON stock_hold USING btree (owner);
comment on table stock_hold is 'Owner: stock. Retention: until it is released, sold or expired. Personal data: none beyond the id of a cart, person or decision. Stock that is promised for a while.';

create table stock_hold_line (
  hold_id text not null,
  for_sku text not null,
  place_id text not null,
  sku text not null,
  quantity bigint not null,
  constraint stock_hold_line_pkey PRIMARY KEY (hold_id, for_sku, place_id, sku),
  constraint stock_hold_line_quantity_check CHECK (quantity > 0)
);
comment on table stock_hold_line is 'Owner: stock. Retention: as long as its hold. Personal data: none. What a hold holds at which place; for_sku is what was asked for, a bundle or the item itself.';

create table stock_level (
  sku text not null,
  place_id text not null,
  free bigint default 0 not null,
  held bigint default 0 not null,
  allocated bigint default 0 not null,
  short bigint default 0 not null,
  incoming bigint default 0 not null,
  transit bigint default 0 not null,
  safety bigint default 0 not null,
  buffers json,
  counted_ms bigint,
  moved_ms bigint default 0 not null,
  constraint stock_level_pkey PRIMARY KEY (sku, place_id),
  constraint stock_level_allocated_check CHECK (allocated >= 0),
  constraint stock_level_check CHECK (free = 0 OR short = 0),
  constraint stock_level_free_check CHECK (free >= 0),
  constraint stock_level_held_check CHECK (held >= 0),
  constraint stock_level_incoming_check CHECK (incoming >= 0),
  constraint stock_level_safety_check CHECK (safety >= 0),
  constraint stock_level_short_check CHECK (short >= 0),
  constraint stock_level_transit_check CHECK (transit >= 0)
) with (fillfactor=70);
CREATE INDEX stock_level_of_place ON stock_level USING btree (place_id, sku);
comment on table stock_level is 'Owner: stock. Retention: for ever. Personal data: none. What each place has of each item: the sum of its movements, and the buffers it keeps back. counted_ms is the time of the last count, moved_ms of the last goods that came or went otherwise.';

create table stock_movement (
  sku text not null,
  place_id text not null,
  at_ms bigint not null,
  movement_id bigint generated always as identity not null,
  from_bucket text not null,
  to_bucket text not null,
  quantity bigint not null,
  reason text not null,
  ref text,
  command_id text,
  recorded_ms bigint not null,
  constraint stock_movement_pkey PRIMARY KEY (sku, place_id, at_ms, movement_id),
  constraint stock_movement_check CHECK (from_bucket <> to_bucket),
  constraint stock_movement_quantity_check CHECK (quantity > 0)
);
comment on table stock_movement is 'Owner: stock. Retention: for ever. Personal data: none. Every movement from one bucket to another, only ever added to; ref is the hold, order or transfer it was for, command_id the caller''s name of it.';

create table stock_transfer (
  transfer_id text not null,
  from_place text not null,
  to_place text not null,
  sent_ms bigint not null,
  state text not null,
  constraint stock_transfer_pkey PRIMARY KEY (transfer_id)
);
comment on table stock_transfer is 'Owner: stock. Retention: for ever. Personal data: none. Goods sent from one place to another.';

create table stock_transfer_line (
  transfer_id text not null,
  sku text not null,
  sent bigint not null,
  received bigint default 0 not null,
  lost bigint default 0 not null,
  constraint stock_transfer_line_pkey PRIMARY KEY (transfer_id, sku),
  constraint stock_transfer_line_check CHECK ((received + lost) <= sent),
  constraint stock_transfer_line_lost_check CHECK (lost >= 0),
  constraint stock_transfer_line_received_check CHECK (received >= 0),
  constraint stock_transfer_line_sent_check CHECK (sent > 0)
);
comment on table stock_transfer_line is 'Owner: stock. Retention: for ever. Personal data: none. How much of an item was sent, came, and was given up.';

create view events as
 SELECT person_id,
    source,
    id,
    type,
    to_timestamp((time_ms::numeric / 1000.0)::double precision) AS "time",
    to_timestamp((received_ms::numeric / 1000.0)::double precision) AS received_at,
    channel,
    store,
    session,
    identities,
    data,
    "position"
   FROM events_log;;
comment on view events is NULL;

CREATE TRIGGER payments_gift_movement_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.payments_gift_movement FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_change();

CREATE TRIGGER payments_movement_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.payments_movement FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_change();
