-- Where the brand's postings are sent to as they are made: one row an address. Types is '' for all, else names divided by a space;
-- pay says whether commission and bounties go along. State: 0 active, 1 paused (it failed too long, or somebody asked), 2 ended by the receiver.
-- Everything up to number cursor_seq has arrived; sending_seq is the last of the message under way, if one is, which stays the
-- same until it arrives. Round grows with every replay, so that messages sent anew are not taken for repetitions. The secret is
-- kept as it is, since every message is signed with it; the one before it holds until old_until_ticks.
create table webhook (
  id text collate "C" primary key,
  url text not null,
  types text not null,
  pay boolean not null,
  made_by text collate "C" not null,
  created_at_ticks bigint not null,
  secret text not null,
  old_secret text,
  old_until_ticks bigint,
  state smallint not null,
  round bigint not null,
  cursor_seq bigint not null,
  sending_seq bigint,
  begun_at_ticks bigint,
  attempts integer not null,
  failing_since_ticks bigint,
  next_try_ticks bigint not null,
  last_try_ticks bigint,
  last_status integer,
  last_fault text,
  arrived_at_ticks bigint
);

-- Parked facts as pages and the API walk them: those that wait, and those that were let go.
drop index parked_since;
create index parked_waiting on parked (since_ticks, id) where dismissed_at_ticks is null;
create index parked_dismissed on parked (dismissed_at_ticks, id) where dismissed_at_ticks is not null;
