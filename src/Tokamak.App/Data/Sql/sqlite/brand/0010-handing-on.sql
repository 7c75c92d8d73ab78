-- Members of a clerk who has left, on their way to others of the same store: who planned it, by which kind of service, and until which
-- day members may refuse. State: 0 waits for that day, 1 is done, 2 was taken back.
create table handing (
  id text primary key,
  staff text not null,
  store text not null,
  kind text not null,
  asked_by text not null,
  asked_at_ticks integer not null,
  refuse_until text not null,
  state integer not null
);
create index handing_staff on handing (staff);

-- State: 0 waits, 1 the member refused, 2 handed on, 3 stayed as they were: served by somebody, or no longer the store's.
create table handing_member (
  handing text not null references handing (id),
  member text not null,
  successor text not null,
  state integer not null,
  primary key (handing, member)
);
create index handing_member_waits on handing_member (member) where state = 0;
