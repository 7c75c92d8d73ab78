-- Where the brand's postings are sent to as they are made: one row an address. Types is '' for all, else names divided by a space;
-- pay says whether commission and bounties go along. State: 0 active, 1 paused (it failed too long, or somebody asked), 2 ended by the receiver.
-- Everything up to number cursor_seq has arrived; sending_seq is the last of the message under way, if one is, which stays the
-- same until it arrives. Round grows with every replay, so that messages sent anew are not taken for repetitions. The secret is
-- kept as it is, since every message is signed with it; the one before it holds until old_until_ticks.
create table webhook (
  id text primary key,
  url text not null,
  types text not null,
  pay integer not null,
  made_by text not null,
  created_at_ticks integer not null,
  secret text not null,
  old_secret text,
  old_until_ticks integer,
  state integer not null,
  round integer not null,
  cursor_seq integer not null,
  sending_seq integer,
  begun_at_ticks integer,
  attempts integer not null,
  failing_since_ticks integer,
  next_try_ticks integer not null,
  last_try_ticks integer,
  last_status integer,
  last_fault text,
  arrived_at_ticks integer
);

-- Parked facts as pages and the API walk them: those that wait, and those that were let go.
drop index parked_since;
create index parked_waiting on parked (since_ticks, id) where dismissed_at_ticks is null;
create index parked_dismissed on parked (dismissed_at_ticks, id) where dismissed_at_ticks is not null;
