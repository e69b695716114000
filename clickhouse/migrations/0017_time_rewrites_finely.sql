-- A job that started first may write last: by the second, both had one version, and the stale row could stay.
ALTER TABLE ${database}.llm_calls${local} ${on_cluster}
    COMMENT COLUMN version 'Completeness of the record (output tokens, 24 bits) * 2^40 + millisecond since 2020 in which a job read it to write it again, 0 as landed';

ALTER TABLE ${database}.call_causes${local} ${on_cluster}
    COMMENT COLUMN version 'Millisecond since 1970 in which it was explained';

ALTER TABLE ${database}.structure_found${local} ${on_cluster}
    COMMENT COLUMN is_layered '1: a call directly around or beneath another call, or in a trace of several scopes';
