-- The books of one brand. Facts and postings are only ever added to; what is derived beside them (members, sales,
-- bindings, totals) may be derived anew at any time and is checked by 'tokamak verify'.
-- Instants are ticks of 100 ns since 0001-01-01 UTC, money whole units of the currency, *_e4 ten-thousandths of one,
-- periods and months 'YYYY-MM'. Days are 'YYYY-MM-DD', flags 0 or 1.

-- One row: how far these books have come.
create table book (
  one integer primary key default 1 check (one = 1),
  facts integer not null,
  postings integer not null,
  horizon text
);
insert into book (one, facts, postings, horizon) values (1, 0, 0, null);

create table setting (name text primary key, value text not null);

-- Names that people see: of the brand, its warehouse, its stores and its staff.
create table display_name (
  kind integer not null,
  id text not null,
  name text not null,
  primary key (kind, id)
);

create table policy_version (
  version integer primary key,
  effective_from text not null unique,
  body text not null,
  facts integer not null,
  stored_at_ticks integer not null
);

-- What happened (R1), in the order of arrival. Member and sale say whom a fact is about, so that everything about one
-- member is found together; a void has those of what it voids.
create table fact (
  seq integer primary key,
  id text not null unique,
  type integer not null,
  at_ticks integer not null,
  day text not null,
  member text,
  sale text,
  body text not null
);
create index fact_member on fact (member) where member is not null;
create index fact_sale on fact (sale) where sale is not null;
create index fact_roster on fact (seq) where member is null and sale is null;

-- Which facts name a clerk (kind 0) or a referral code (kind 1): what a backdated change of the roster can reach.
create table mention (
  kind integer not null,
  name text not null,
  seq integer not null references fact (seq),
  primary key (kind, name, seq)
);

-- A member as their last fact left them (R3, R6). Root is the member all merges lead to; the rest counts for roots.
create table member (
  id text primary key,
  root text not null,
  last_at_ticks integer not null,
  last_type integer not null,
  last_fact text not null,
  declined integer not null,
  staff text,
  store text,
  bound_at_ticks integer,
  renewed_on text,
  lock_until text,
  expires_on text,
  employments_seen integer,
  cause text,
  claims text,
  clicks text
);
create index member_root on member (root);

-- The timeline of a member's bindings: a row whenever whose they are changed.
create table binding (
  member text not null,
  at_ticks integer not null,
  cause text not null,
  verdict integer not null,
  staff text,
  store text,
  primary key (member, at_ticks, cause)
);
create index binding_staff on binding (staff) where staff is not null;

-- A sale with its decision (R7, R8, R16) and how it stands.
create table sale (
  id text primary key,
  at_ticks integer not null,
  day text not null,
  channel integer not null,
  store text,
  member text,
  staff text,
  policy integer,
  owner_staff text,
  owner_store text,
  decay_percent integer not null,
  closers text not null,
  sold integer not null,
  net integer not null,
  vest_due text,
  voided integer not null
);
create index sale_time on sale (at_ticks, id);
create index sale_member on sale (member, at_ticks) where member is not null;
create index sale_due on sale (vest_due) where vest_due is not null;

-- Who has a part in a sale: whoever it names or credits. Staff is '' for a store's own part.
create table sale_party (
  sale text not null,
  staff text not null,
  store text not null,
  at_ticks integer not null,
  primary key (sale, staff, store)
);
create index sale_party_staff on sale_party (staff, at_ticks) where staff <> '';
create index sale_party_store on sale_party (store, at_ticks);

-- Postings. Day is the day a posting is textd; for_day the day it belongs to: another one only where that day's period
-- was closed already (R10).
create table credit (
  seq integer primary key,
  day text not null,
  for_day text not null,
  cause text not null,
  sale text not null,
  line integer not null,
  role integer not null,
  staff text,
  store text not null,
  amount integer not null,
  policy integer not null
);
create index credit_sale on credit (sale);
create index credit_staff on credit (staff, day) where staff is not null;

-- Credit is the vested credit of a clerk that the entry brings to the bands of its sale month (R14).
create table commission (
  seq integer primary key,
  day text not null,
  for_day text not null,
  cause text not null,
  sale text not null,
  line integer,
  role integer not null,
  staff text,
  store text not null,
  amount_e4 integer not null,
  credit integer not null,
  policy integer not null,
  sale_month text not null
);
create index commission_sale on commission (sale);
create index commission_staff on commission (staff, day) where staff is not null;

create table bounty (
  seq integer primary key,
  day text not null,
  for_day text not null,
  cause text not null,
  fact text not null,
  staff text not null,
  amount integer not null,
  sale text
);
create index bounty_fact on bounty (fact);
create index bounty_staff on bounty (staff, day);

-- What became of each service with a bounty on its kind (R15).
create table bounty_decision (
  fact text primary key,
  member text not null,
  kind text not null,
  staff text,
  at_ticks integer not null,
  day text not null,
  policy integer not null,
  verdict integer not null,
  earned_on text,
  sale text
);
create index bounty_decision_member on bounty_decision (member);

-- Postings added up by month, in the same commit.
create table credit_total (
  period text not null,
  channel integer not null,
  role integer not null,
  staff text not null,
  store text not null,
  amount integer not null,
  primary key (period, channel, role, staff, store)
);
create table commission_total (
  period text not null,
  staff text not null,
  store text not null,
  sale_month text not null,
  gross_e4 integer not null,
  credit integer not null,
  primary key (period, staff, store, sale_month)
);
create table bounty_total (
  period text not null,
  staff text not null,
  amount integer not null,
  primary key (period, staff)
);

-- Whose facts are to be derived anew because a later fact reached them: a member (kind 0) or a sale without one (kind 1).
create table work (
  kind integer not null,
  name text not null,
  cause text not null,
  primary key (kind, name)
);

-- Closed periods with their statements and earnings, as they were paid (R14).
create table period (
  month text primary key,
  closed_at_ticks integer not null,
  closed_by text not null,
  facts integer not null,
  postings integer not null,
  horizon text not null,
  sha256 text not null
);
create table statement (
  period text not null references period (month),
  staff text not null,
  store text not null,
  credit integer not null,
  commission integer not null,
  staff_pay integer not null,
  store_pool integer not null,
  bounty integer not null,
  paid integer not null,
  carried integer not null,
  sha256 text not null,
  primary key (period, staff, store)
);
create table earning (
  period text not null references period (month),
  staff text not null,
  month text not null,
  credit integer not null,
  gross_e4 integer not null,
  earned integer not null,
  change integer not null,
  primary key (period, staff, month)
);

create trigger fact_kept_update before update on fact begin select raise(abort, 'fact is only ever added to'); end;
create trigger fact_kept_delete before delete on fact begin select raise(abort, 'fact is only ever added to'); end;
create trigger credit_kept_update before update on credit begin select raise(abort, 'credit is only ever added to'); end;
create trigger credit_kept_delete before delete on credit begin select raise(abort, 'credit is only ever added to'); end;
create trigger commission_kept_update before update on commission begin select raise(abort, 'commission is only ever added to'); end;
create trigger commission_kept_delete before delete on commission begin select raise(abort, 'commission is only ever added to'); end;
create trigger bounty_kept_update before update on bounty begin select raise(abort, 'bounty is only ever added to'); end;
create trigger bounty_kept_delete before delete on bounty begin select raise(abort, 'bounty is only ever added to'); end;
create trigger period_kept_update before update on period begin select raise(abort, 'period is only ever added to'); end;
create trigger period_kept_delete before delete on period begin select raise(abort, 'period is only ever added to'); end;
create trigger statement_kept_update before update on statement begin select raise(abort, 'statement is only ever added to'); end;
create trigger statement_kept_delete before delete on statement begin select raise(abort, 'statement is only ever added to'); end;
create trigger earning_kept_update before update on earning begin select raise(abort, 'earning is only ever added to'); end;
create trigger earning_kept_delete before delete on earning begin select raise(abort, 'earning is only ever added to'); end;
create trigger credit_open before insert on credit when substr(new.day, 1, 7) <= (select max(month) from period) begin select raise(abort, 'a posting is dated in a closed period'); end;
create trigger commission_open before insert on commission when substr(new.day, 1, 7) <= (select max(month) from period) begin select raise(abort, 'a posting is dated in a closed period'); end;
create trigger bounty_open before insert on bounty when substr(new.day, 1, 7) <= (select max(month) from period) begin select raise(abort, 'a posting is dated in a closed period'); end;
