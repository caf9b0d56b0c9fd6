"""What Slack's words for "no" mean for a message. Source: the error tables of chat.postMessage, chat.update and
conversations.history on docs.slack.dev, and the incoming-webhook page.
"""

from alert.channel import BadMessage, Broken, NotSent, Refused, ThreadGone, Uncertain, Undelivered

UNCERTAIN = {"fatal_error", "internal_error", "duplicate_message_not_found", "duplicate_channel_not_found"}
"""`fatal_error`: "it's possible some aspect of the operation succeeded before the error was raised"."""
LATER = {
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
    "org_login_required",
    "external_channel_migrating",
}
LIMITED = {"ratelimited", "rate_limited", "message_limit_exceeded"}
BROKEN = {
    "invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_authed", "missing_scope",
    "not_allowed_token_type", "two_factor_setup_required", "accesslimited", "access_denied", "ekm_access_denied",
    "enterprise_is_restricted", "channel_not_found", "is_archived", "not_in_channel", "no_permission",
    "restricted_action", "restricted_action_read_only_channel", "restricted_action_non_threadable_channel",
    "restricted_action_thread_only_channel", "messages_tab_disabled", "team_access_not_granted", "deprecated_endpoint",
    "method_deprecated", "as_user_not_supported", "invalid_token", "action_prohibited", "no_service", "no_team",
    "channel_is_archived", "user_not_found", "team_disabled", "posting_to_general_channel_denied", "no_active_hooks",
}  # fmt: skip
BAD = {
    "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "no_text", "invalid_arguments",
    "invalid_metadata_format", "invalid_metadata_schema", "metadata_too_large", "metadata_must_be_sent_from_app",
    "too_many_attachments", "invalid_payload", "invalid_form_data", "invalid_json", "json_not_object",
}  # fmt: skip
THREAD = {
    "cannot_reply_to_message", "message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found",
    "restricted_action_thread_locked", "block_mismatch", "invalid_thread_ts",
}  # fmt: skip


def undelivered(code: str, delay: float | None = None) -> Undelivered:
    """The error for Slack's word. A word we do not know is a no to this message, not to the destination."""
    if code in LIMITED:
        return NotSent(code, delay or 30.0, "pace")
    for words, kind in ((UNCERTAIN, Uncertain), (BROKEN, Broken), (BAD, BadMessage), (THREAD, ThreadGone)):
        if code in words:
            return kind(code)
    if code in LATER:
        return NotSent(code)
    return BadMessage(code) if code.startswith(("invalid_blocks", "invalid_arg")) else Refused(code[:60])
