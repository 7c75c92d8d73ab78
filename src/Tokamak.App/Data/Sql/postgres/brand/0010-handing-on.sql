-- Members of a clerk who has left, on their way to others of the same store: who planned it, by which kind of service, and until which
-- day members may refuse. State: 0 waits for that day, 1 is done, 2 was taken back.
create table handing (
  id text collate "C" primary key,
  staff text collate "C" not null,
  store text collate "C" not null,
  kind text collate "C" not null,
  asked_by text collate "C" not null,
  asked_at_ticks bigint not null,
  refuse_until date not null,
  state smallint not null
);
create index handing_staff on handing (staff);

-- State: 0 waits, 1 the member refused, 2 handed on, 3 stayed as they were: served by somebody, or no longer the store's.
create table handing_member (
  handing text collate "C" not null references handing (id),
  member text collate "C" not null,
  successor text collate "C" not null,
  state smallint not null,
  primary key (handing, member)
);
create index handing_member_waits on handing_member (member) where state = 0;
