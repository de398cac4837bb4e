create table decide_decision (
  person_id    uuid not null,
  decision_id  uuid not null,
  decided_ms   bigint not null,
  placement    text not null,
  basis        text not null,
  record       json not null,
  primary key (person_id, decision_id)
);
create index decide_decision_newest on decide_decision (decision_id);
comment on table decide_decision is 'Owner: decide. Retention: 400 days. Personal data: what was shown to a person and why; erased with the person. Nobody''s decisions have the nil person_id.';
comment on column decide_decision.decision_id is 'UUID version 7: sorts by the time of the decision.';

create table decide_policy (
  version   text primary key,
  kept_ms   bigint not null,
  policy    json not null
);
comment on table decide_policy is 'Owner: decide. Retention: as long as decisions, which are replayed with it. Personal data: none. Each policy that was in charge; only ever added to.';
