-- Why who waits could not be derived anew, where that was so: they are left out until somebody tries them again.
alter table work add column trouble text;
