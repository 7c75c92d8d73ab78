-- 申訴: a clerk disputes what a sale was credited, and the office rules on it (Clerks/Appeals). What follows from a ruling are facts, and
-- what follows from these are postings; here is only who said what. The sale is as the clerk wrote it, and there may be no such sale.
-- Complaint: 0 a service is missing, 1 another clerk, 2 another member, 3 a handover, 4 something else. Role: as in credit. State: 0 open,
-- 1 late (the office may take it up), 2 upheld, 3 partly, 4 rejected, 5 withdrawn. Texts may tell of a member: when that member is erased
-- they are emptied (texts_gone_on).
create table appeal (
  number integer primary key,
  staff text not null,
  store text not null,
  sale text not null,
  complaint integer not null,
  role integer,
  rules text not null,
  story text not null,
  evidence text not null,
  opened_at_ticks integer not null,
  opened_by text not null,
  due_on text not null,
  state integer not null,
  settled_at_ticks integer,
  settled_by text,
  ruling text,
  facts text not null,
  corrected text,
  member text,
  seen_at_ticks integer,
  texts_gone_on text
);
create index appeal_waiting on appeal (due_on, number) where state in (0, 1);
create unique index appeal_once on appeal (staff, sale) where state in (0, 1);
create index appeal_staff on appeal (staff, number);
create index appeal_sale on appeal (sale);
create index appeal_opened on appeal (opened_at_ticks);

-- Kind: 0 of the clerk, 1 of the manager, 2 of the office.
create table appeal_comment (
  appeal integer not null,
  number integer not null,
  kind integer not null,
  at_ticks integer not null,
  said_by text not null,
  text text not null,
  primary key (appeal, number)
);
