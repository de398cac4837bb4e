create table moments_moment (
  person_id        uuid not null,
  moment_id        uuid not null,
  kind             text not null,
  subject          text not null,
  found_ms         bigint not null,
  window_start_ms  bigint not null,
  window_end_ms    bigint not null,
  confidence       double precision not null check (confidence between 0 and 1),
  evidence         json not null,
  primary key (person_id, moment_id)
);
create index moments_moment_newest on moments_moment (found_ms, moment_id);
create index moments_moment_ending on moments_moment (window_end_ms);
comment on table moments_moment is 'Owner: moments. Retention: 400 days after its window. Personal data: what a person may need; erased with the person. What is open is in the profile.';

create table moments_scan (
  kind           text primary key,
  begun_ms       bigint not null,
  model_version  bigint not null
);
comment on table moments_scan is 'Owner: moments. Retention: for ever. Personal data: none. When all profiles were last looked through, and with which model.';
insert into moments_scan (kind, begun_ms, model_version) values ('runs_out', 0, 0);
