-- Logs of coding agents leave out instructions and tool definitions: such a piece has a size and no text.
ALTER TABLE ${database}.call_prompts${local} ${on_cluster}
    COMMENT COLUMN segment_kinds 'One letter a piece: s system, d tool definition, u user, a assistant, r tool result, c retrieved context, m media, h older pieces merged, x billed and not recorded';
