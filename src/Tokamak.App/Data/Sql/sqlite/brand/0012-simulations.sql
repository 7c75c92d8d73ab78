-- Draft policies tried on the brand's own past. Body is the draft as it was then, as JSON; vary is a number of it, vary_values what it is
-- tried with, apart by commas. State: 0 waits or runs on the node that took it, 1 done, 2 failed, 3 stopped by somebody. Facts and
-- policy_version say of what it was made: how many facts there were, and the last stored version. Result is what came of it, as JSON.
create table simulation (
  id text primary key,
  name text not null,
  draft text,
  body text not null,
  first_month text not null,
  last_month text not null,
  budget integer,
  losers_percent integer not null,
  vary text,
  vary_values text,
  asked_by text not null,
  asked_at_ticks integer not null,
  state integer not null,
  facts integer,
  policy_version integer,
  result text,
  fault text,
  done_at_ticks integer
);
create index simulation_asked on simulation (asked_at_ticks);
