-- Draft policies tried on the brand's own past. Body is the draft as it was then, as JSON; vary is a number of it, vary_values what it is
-- tried with, apart by commas. State: 0 waits or runs on the node that took it, 1 done, 2 failed, 3 stopped by somebody. Facts and
-- policy_version say of what it was made: how many facts there were, and the last stored version. Result is what came of it, as JSON.
create table simulation (
  id text collate "C" primary key,
  name text not null,
  draft text collate "C",
  body text not null,
  first_month text not null,
  last_month text not null,
  budget bigint,
  losers_percent integer not null,
  vary text,
  vary_values text,
  asked_by text collate "C" not null,
  asked_at_ticks bigint not null,
  state smallint not null,
  facts bigint,
  policy_version integer,
  result text,
  fault text,
  done_at_ticks bigint
);
create index simulation_asked on simulation (asked_at_ticks);
