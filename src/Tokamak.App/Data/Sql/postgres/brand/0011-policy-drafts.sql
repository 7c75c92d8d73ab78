-- Drafts of the referral policy. Body is one version as JSON; while something in it cannot be read, what was typed stands there as text,
-- and it says nothing to anybody else. Revision rises with every change: who changes an older one is told. By are accounts.
-- Asked: somebody asks that it becomes the next version, as it was when its SHA-256 was that. State: 0 open, 1 activated as a version,
-- by asked_by and confirmed_by; then it is kept for its announcement, which may be empty.
create table policy_draft (
  id text collate "C" primary key,
  name text not null,
  body text not null,
  announcement_zh text not null,
  announcement_en text not null,
  revision integer not null,
  made_by text not null,
  made_at_ticks bigint not null,
  changed_by text not null,
  changed_at_ticks bigint not null,
  asked_by text,
  asked_at_ticks bigint,
  asked_sha256 text,
  state smallint not null,
  version integer unique,
  confirmed_by text
);
