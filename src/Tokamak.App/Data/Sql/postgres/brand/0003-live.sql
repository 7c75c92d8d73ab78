-- True while lines that are due up to the horizon are still being let vest, some sales at a time.
alter table book add column vesting boolean not null default false;

-- Which node writes these books, and until when if it is not heard of again (ticks of the database's own clock). Every live
-- commit checks the epoch, so that a node that was taken for dead cannot write any more.
create table lease (
  one smallint primary key default 1 check (one = 1),
  epoch bigint not null,
  node text not null,
  address text not null,
  until_ticks bigint not null
);
insert into lease (one, epoch, node, address, until_ticks) values (1, 0, '', '', 0);

-- Facts that were taken and cannot count yet. Waits_for says what could make them: 'fact ID', 'sale ID', 'staff ID',
-- 'code CODE', 'day YYYY-MM-DD', 'store' (a till's sale without one) or 'attention'; facts says how many were stored when it was
-- last tried. A dismissed one stays, with the reason.
create table parked (
  id text collate "C" primary key,
  body text not null,
  waits_for text collate "C" not null,
  reason text not null,
  facts bigint not null,
  since_ticks bigint not null,
  sender text collate "C",
  dismissed_at_ticks bigint,
  dismissed_by text,
  dismissed_because text
);
create index parked_waits on parked (waits_for, since_ticks, id) where dismissed_at_ticks is null;
create index parked_since on parked (since_ticks, id);

-- What became of parked facts: 0 parked, 1 accepted, 2 refused, 3 dismissed. Numbered together with the postings.
create table notice (
  seq bigint primary key,
  kind smallint not null,
  fact text collate "C" not null,
  at_ticks bigint not null,
  reason text,
  sender text collate "C"
);
create trigger notice_kept before update or delete on notice for each row execute function refuse_change();

-- What was answered to requests with an Idempotency-Key, by part of the request; kept for some days.
create table answer (
  sender text collate "C" not null,
  request text collate "C" not null,
  part integer not null,
  input_hash text not null,
  body text not null,
  at_ticks bigint not null,
  primary key (sender, request, part)
);
create index answer_at on answer (at_ticks);
