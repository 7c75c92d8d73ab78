-- Offers as they are written, and as two people have let them count. Offer '' stands for the terms that all offers share: time zone, floor,
-- points, returns. Body is JSON; of a draft, what cannot be read yet stands there as it was typed. Revision rises with every change: who
-- changes an older one is told. By are accounts, or 'key ID' or 'tokamak' for the command line.
-- Asked: somebody asks that it counts, as it was when its SHA-256 was that.
create table offer_draft (
  offer text collate "C" primary key,
  body text not null,
  revision integer not null,
  made_by text not null,
  made_at_ticks bigint not null,
  changed_by text not null,
  changed_at_ticks bigint not null,
  asked_by text,
  asked_at_ticks bigint,
  asked_sha256 text
);

-- Each edition changes one offer, from its moment on; what counts for an offer is its latest. Without a body it was ended. Never changed,
-- never deleted: a quote names its edition, and is worked out again from it.
create table offer_version (
  edition bigint primary key,
  offer text collate "C" not null,
  body text,
  asked_by text not null,
  approved_by text not null,
  at_ticks bigint not null
);
create unique index offer_version_latest on offer_version (offer, edition);

-- Quotes that are held so that they can be committed at their price until their moment; priced by that edition and that engine. Coupons:
-- JSON, what each coupon that it holds takes off; null without one. Sale: what it was committed into. One that was not is forgotten some time after.
create table quote (
  id text collate "C" primary key,
  cart text not null,
  result text not null,
  edition bigint not null,
  engine text not null,
  coupons text,
  held_at_ticks bigint not null,
  until_ticks bigint not null,
  sale text collate "C"
);
create index quote_waiting on quote (until_ticks) where sale is null;
create index quote_sold on quote (held_at_ticks) where sale is not null;
create unique index quote_sale on quote (sale) where sale is not null;

-- Uses of limited offers that a quote holds until it is committed or its moment has come; and how many there may be, of a member and in all.
create table offer_hold (
  quote text collate "C" not null,
  offer text collate "C" not null,
  member text collate "C" not null,
  times bigint not null,
  per_member bigint,
  total bigint,
  until_ticks bigint not null,
  primary key (quote, offer)
);
create index offer_hold_of on offer_hold (offer, until_ticks);

-- Uses that became sales: by member, and of all together under member ''.
create table offer_count (
  offer text collate "C" not null,
  member text collate "C" not null,
  used bigint not null,
  primary key (offer, member)
);

-- Offers that are meant to make prices differ between channels and stores, until a moment (exclusive).
create table parity_mark (
  offer text collate "C" primary key,
  until_ticks bigint not null,
  marked_by text not null,
  at_ticks bigint not null
);
