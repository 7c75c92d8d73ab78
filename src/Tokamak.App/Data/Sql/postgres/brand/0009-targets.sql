-- What credit a store (kind 0) or a clerk (kind 1) is to reach in a month, whole units. The last word counts; the audit log has the others.
create table target (
  month text not null,
  kind smallint not null,
  id text collate "C" not null,
  amount bigint not null,
  set_by text collate "C" not null,
  set_at_ticks bigint not null,
  primary key (month, kind, id)
);

-- Whose members somebody's are, for the clerk's own page.
create index member_staff on member (staff) where staff is not null;
