-- Where members read of a hand-over and may refuse it: their own pages, under the name by which whoever planned it reached the brand. Null
-- where nobody is told by message.
alter table handing add column address text;

-- A message to each member of a hand-over, in the commit that plans it, and worked off afterwards. State: 0 waits, 1 told: whoever sends
-- messages took it, 2 not reached, 3 not needed any more: they refused, the plan was taken back, or they are gone. The number or address is
-- looked up when it is sent, and kept nowhere; the row of whoever is erased goes.
create table handing_notice (
  handing text not null references handing (id),
  member text not null,
  state integer not null,
  tries integer not null,
  next_try_ticks integer not null,
  told_at_ticks integer,
  primary key (handing, member)
);
create index handing_notice_waits on handing_notice (next_try_ticks) where state = 0;
create index handing_notice_member on handing_notice (member);
