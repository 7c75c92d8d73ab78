-- What credit a store (kind 0) or a clerk (kind 1) is to reach in a month, whole units. The last word counts; the audit log has the others.
create table target (
  month text not null,
  kind integer not null,
  id text not null,
  amount integer not null,
  set_by text not null,
  set_at_ticks integer not null,
  primary key (month, kind, id)
);

-- Whose members somebody's are, for the clerk's own page.
create index member_staff on member (staff) where staff is not null;
