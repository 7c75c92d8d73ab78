-- The books of one brand. Facts and postings are only ever added to; what is derived beside them (members, sales,
-- bindings, totals) may be derived anew at any time and is checked by 'tokamak verify'.
-- Instants are ticks of 100 ns since 0001-01-01 UTC, money whole units of the currency, *_e4 ten-thousandths of one,
-- periods and months 'YYYY-MM'. Texts compare by their bytes.

-- One row: how far these books have come.
create table book (
  one smallint primary key default 1 check (one = 1),
  facts bigint not null,
  postings bigint not null,
  horizon date
);
insert into book (one, facts, postings, horizon) values (1, 0, 0, null);

create table setting (name text primary key, value text not null);

-- Names that people see: of the brand, its warehouse, its stores and its staff.
create table display_name (
  kind smallint not null,
  id text collate "C" not null,
  name text not null,
  primary key (kind, id)
);

create table policy_version (
  version integer primary key,
  effective_from date not null unique,
  body text not null,
  facts bigint not null,
  stored_at_ticks bigint not null
);

-- What happened (R1), in the order of arrival. Member and sale say whom a fact is about, so that everything about one
-- member is found together; a void has those of what it voids.
create table fact (
  seq bigint primary key,
  id text collate "C" not null unique,
  type smallint not null,
  at_ticks bigint not null,
  day date not null,
  member text collate "C",
  sale text collate "C",
  body text not null
);
create index fact_member on fact (member) where member is not null;
create index fact_sale on fact (sale) where sale is not null;
create index fact_roster on fact (seq) where member is null and sale is null;

-- Which facts name a clerk (kind 0) or a referral code (kind 1): what a backdated change of the roster can reach.
create table mention (
  kind smallint not null,
  name text collate "C" not null,
  seq bigint not null references fact (seq),
  primary key (kind, name, seq)
);

-- A member as their last fact left them (R3, R6). Root is the member all merges lead to; the rest counts for roots.
create table member (
  id text collate "C" primary key,
  root text collate "C" not null,
  last_at_ticks bigint not null,
  last_type smallint not null,
  last_fact text collate "C" not null,
  declined boolean not null,
  staff text collate "C",
  store text collate "C",
  bound_at_ticks bigint,
  renewed_on date,
  lock_until date,
  expires_on date,
  employments_seen integer,
  cause text collate "C",
  claims text,
  clicks text
);
create index member_root on member (root);

-- The timeline of a member's bindings: a row whenever whose they are changed.
create table binding (
  member text collate "C" not null,
  at_ticks bigint not null,
  cause text collate "C" not null,
  verdict smallint not null,
  staff text collate "C",
  store text collate "C",
  primary key (member, at_ticks, cause)
);
create index binding_staff on binding (staff) where staff is not null;

-- A sale with its decision (R7, R8, R16) and how it stands.
create table sale (
  id text collate "C" primary key,
  at_ticks bigint not null,
  day date not null,
  channel smallint not null,
  store text collate "C",
  member text collate "C",
  staff text collate "C",
  policy integer,
  owner_staff text collate "C",
  owner_store text collate "C",
  decay_percent integer not null,
  closers text not null,
  sold bigint not null,
  net bigint not null,
  vest_due date,
  voided boolean not null
);
create index sale_time on sale (at_ticks, id);
create index sale_member on sale (member, at_ticks) where member is not null;
create index sale_due on sale (vest_due) where vest_due is not null;

-- Who has a part in a sale: whoever it names or credits. Staff is '' for a store's own part.
create table sale_party (
  sale text collate "C" not null,
  staff text collate "C" not null,
  store text collate "C" not null,
  at_ticks bigint not null,
  primary key (sale, staff, store)
);
create index sale_party_staff on sale_party (staff, at_ticks) where staff <> '';
create index sale_party_store on sale_party (store, at_ticks);

-- Postings. Day is the day a posting is dated; for_day the day it belongs to: another one only where that day's period
-- was closed already (R10).
create table credit (
  seq bigint primary key,
  day date not null,
  for_day date not null,
  cause text collate "C" not null,
  sale text collate "C" not null,
  line bigint not null,
  role smallint not null,
  staff text collate "C",
  store text collate "C" not null,
  amount bigint not null,
  policy integer not null
);
create index credit_sale on credit (sale);
create index credit_staff on credit (staff, day) where staff is not null;

-- Credit is the vested credit of a clerk that the entry brings to the bands of its sale month (R14).
create table commission (
  seq bigint primary key,
  day date not null,
  for_day date not null,
  cause text collate "C" not null,
  sale text collate "C" not null,
  line bigint,
  role smallint not null,
  staff text collate "C",
  store text collate "C" not null,
  amount_e4 bigint not null,
  credit bigint not null,
  policy integer not null,
  sale_month text not null
);
create index commission_sale on commission (sale);
create index commission_staff on commission (staff, day) where staff is not null;

create table bounty (
  seq bigint primary key,
  day date not null,
  for_day date not null,
  cause text collate "C" not null,
  fact text collate "C" not null,
  staff text collate "C" not null,
  amount bigint not null,
  sale text collate "C"
);
create index bounty_fact on bounty (fact);
create index bounty_staff on bounty (staff, day);

-- What became of each service with a bounty on its kind (R15).
create table bounty_decision (
  fact text collate "C" primary key,
  member text collate "C" not null,
  kind text collate "C" not null,
  staff text collate "C",
  at_ticks bigint not null,
  day date not null,
  policy integer not null,
  verdict smallint not null,
  earned_on date,
  sale text collate "C"
);
create index bounty_decision_member on bounty_decision (member);

-- Postings added up by month, in the same commit.
create table credit_total (
  period text not null,
  channel smallint not null,
  role smallint not null,
  staff text collate "C" not null,
  store text collate "C" not null,
  amount bigint not null,
  primary key (period, channel, role, staff, store)
);
create table commission_total (
  period text not null,
  staff text collate "C" not null,
  store text collate "C" not null,
  sale_month text not null,
  gross_e4 bigint not null,
  credit bigint not null,
  primary key (period, staff, store, sale_month)
);
create table bounty_total (
  period text not null,
  staff text collate "C" not null,
  amount bigint not null,
  primary key (period, staff)
);

-- Whose facts are to be derived anew because a later fact reached them: a member (kind 0) or a sale without one (kind 1).
create table work (
  kind smallint not null,
  name text collate "C" not null,
  cause text collate "C" not null,
  primary key (kind, name)
);

-- Closed periods with their statements and earnings, as they were paid (R14).
create table period (
  month text primary key,
  closed_at_ticks bigint not null,
  closed_by text not null,
  facts bigint not null,
  postings bigint not null,
  horizon date not null,
  sha256 text not null
);
create table statement (
  period text not null references period (month),
  staff text collate "C" not null,
  store text collate "C" not null,
  credit bigint not null,
  commission bigint not null,
  staff_pay bigint not null,
  store_pool bigint not null,
  bounty bigint not null,
  paid bigint not null,
  carried bigint not null,
  sha256 text not null,
  primary key (period, staff, store)
);
create table earning (
  period text not null references period (month),
  staff text collate "C" not null,
  month text not null,
  credit bigint not null,
  gross_e4 bigint not null,
  earned bigint not null,
  change bigint not null,
  primary key (period, staff, month)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is only ever added to', tg_table_name;
end $$;

create function refuse_closed() returns trigger language plpgsql as $$
begin
  if exists (select 1 from added where to_char(day, 'YYYY-MM') <= (select max(month) from period)) then
    raise exception 'a posting is dated in a closed period';
  end if;
  return null;
end $$;

create trigger fact_kept before update or delete on fact for each row execute function refuse_change();
create trigger credit_kept before update or delete on credit for each row execute function refuse_change();
create trigger commission_kept before update or delete on commission for each row execute function refuse_change();
create trigger bounty_kept before update or delete on bounty for each row execute function refuse_change();
create trigger period_kept before update or delete on period for each row execute function refuse_change();
create trigger statement_kept before update or delete on statement for each row execute function refuse_change();
create trigger earning_kept before update or delete on earning for each row execute function refuse_change();
create trigger credit_open after insert on credit referencing new table as added for each statement execute function refuse_closed();
create trigger commission_open after insert on commission referencing new table as added for each statement execute function refuse_closed();
create trigger bounty_open after insert on bounty referencing new table as added for each statement execute function refuse_closed();
