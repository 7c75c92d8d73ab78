-- 申訴: a clerk disputes what a sale was credited, and the office rules on it (Clerks/Appeals). What follows from a ruling are facts, and
-- what follows from these are postings; here is only who said what. The sale is as the clerk wrote it, and there may be no such sale.
-- Complaint: 0 a service is missing, 1 another clerk, 2 another member, 3 a handover, 4 something else. Role: as in credit. State: 0 open,
-- 1 late (the office may take it up), 2 upheld, 3 partly, 4 rejected, 5 withdrawn. Texts may tell of a member: when that member is erased
-- they are emptied (texts_gone_on).
create table appeal (
  number bigint primary key,
  staff text collate "C" not null,
  store text collate "C" not null,
  sale text collate "C" not null,
  complaint smallint not null,
  role smallint,
  rules text collate "C" not null,
  story text not null,
  evidence text not null,
  opened_at_ticks bigint not null,
  opened_by text collate "C" not null,
  due_on date not null,
  state smallint not null,
  settled_at_ticks bigint,
  settled_by text collate "C",
  ruling text,
  facts text collate "C" not null,
  corrected text collate "C",
  member text collate "C",
  seen_at_ticks bigint,
  texts_gone_on date
);
create index appeal_waiting on appeal (due_on, number) where state in (0, 1);
create unique index appeal_once on appeal (staff, sale) where state in (0, 1);
create index appeal_staff on appeal (staff, number);
create index appeal_sale on appeal (sale);
create index appeal_opened on appeal (opened_at_ticks);

-- Kind: 0 of the clerk, 1 of the manager, 2 of the office.
create table appeal_comment (
  appeal bigint not null,
  number bigint not null,
  kind smallint not null,
  at_ticks bigint not null,
  said_by text collate "C" not null,
  text text not null,
  primary key (appeal, number)
);
