-- 優惠券: rights to a discount (spec promotions, "Coupons"; Coupons/). A series says what all of its coupons have in common. Kind: 0 random codes,
-- 1 one shared code; shared_key is that code as codes are compared. Channels and stores are apart by commas, null any. Holding: 0 holder only,
-- 1 transferable. On_return: 0 give back, 1 keep. Bearer: 0 issuer, 1 redeemer, 2 head office; issuer null is head office, too. What follows
-- the conditions are counts of what the other tables hold: issued codes, coupons given to members, uses (held and redeemed), of these
-- redeemed, and what all discounts that stand cost. No count may pass its limit, whoever writes.
create table coupon_series (
  id text collate "C" primary key,
  name_zh text not null,
  name_en text not null,
  issuer text collate "C",
  kind smallint not null,
  shared_code text,
  shared_key text collate "C",
  channels text collate "C",
  stores text collate "C",
  holding smallint not null,
  from_ticks bigint,
  until_ticks bigint,
  total_uses bigint,
  member_uses bigint,
  on_return smallint not null,
  bearer smallint not null,
  department text not null,
  made_by text collate "C" not null,
  made_at_ticks bigint not null,
  stopped_at_ticks bigint,
  issued bigint not null,
  given bigint not null,
  uses bigint not null,
  redeemed bigint not null,
  cost bigint not null,
  check (issued >= 0 and given >= 0 and given <= issued and redeemed >= 0 and redeemed <= uses and cost >= 0),
  check (total_uses is null or uses <= total_uses)
);
create unique index coupon_series_shared on coupon_series (shared_key) where shared_key is not null;
create index coupon_series_made on coupon_series (made_at_ticks, id);

-- Codes that were asked for together, issued in parts and taken away once as a file.
create table coupon_batch (
  series text collate "C" not null,
  number integer not null,
  asked bigint not null,
  issued bigint not null,
  asked_by text collate "C" not null,
  asked_at_ticks bigint not null,
  taken_by text collate "C",
  taken_at_ticks bigint,
  primary key (series, number),
  check (issued >= 0 and issued <= asked)
);

-- Every random code. Batch and place say in which file it stands; both null where it was made for a wallet. Hold is whoever has it for the
-- moment, or paid with it (coupon_use); null: it is free.
create table coupon (
  code text collate "C" primary key,
  series text collate "C" not null,
  batch integer,
  place bigint,
  holder text collate "C",
  given_at_ticks bigint,
  given_by text collate "C",
  hold text collate "C"
);
create index coupon_of_batch on coupon (series, batch, place) where batch is not null;
create index coupon_holder on coupon (holder, given_at_ticks, code) where holder is not null;

-- A coupon that a cart holds or that a sale was paid with; one of a series at most for each. What was let go has no row. Code null: the shared
-- one. State: 0 held until until_ticks, 1 redeemed, 2 redeemed, and given back since. Redeemer and bearer are parties: hq, online or store:ID.
-- Amount is the discount, cost what it costs after returns.
create table coupon_use (
  hold text collate "C" not null,
  series text collate "C" not null,
  code text collate "C",
  member text collate "C",
  redeemer text collate "C" not null,
  bearer text collate "C" not null,
  state smallint not null,
  until_ticks bigint not null,
  sale text collate "C",
  amount bigint not null,
  cost bigint not null,
  redeemed_at_ticks bigint,
  primary key (hold, series),
  check (cost >= 0 and cost <= amount)
);
create unique index coupon_use_code on coupon_use (code) where code is not null and state < 2;
create index coupon_use_held on coupon_use (until_ticks) where state = 0;
create index coupon_use_sale on coupon_use (sale) where sale is not null;
create index coupon_use_member on coupon_use (member, redeemed_at_ticks) where member is not null and state > 0;

-- How many uses of a series are a member's; only where the series has a limit for each.
create table coupon_member (
  series text collate "C" not null,
  member text collate "C" not null,
  uses bigint not null,
  primary key (series, member),
  check (uses >= 0)
);

-- Internal clearing: what one party owes another for a discount it gave, or gets back of it after a return. Only ever added to.
create table coupon_clearing (
  number bigint primary key,
  series text collate "C" not null,
  hold text collate "C" not null,
  sale text collate "C" not null,
  from_party text collate "C" not null,
  to_party text collate "C" not null,
  amount bigint not null,
  department text not null,
  at_ticks bigint not null
);
create index coupon_clearing_at on coupon_clearing (at_ticks);
create trigger coupon_clearing_kept before update or delete on coupon_clearing for each row execute function refuse_change();
