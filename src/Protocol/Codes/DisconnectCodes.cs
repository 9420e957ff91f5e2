namespace Chat.Protocol.Codes;

/// <summary>Judges and names close codes, protocol-spec.md §9.2. Thread-safe.</summary>
public static class DisconnectCodes
{
    /// <summary>What a client does after a close with this code. An unknown code is judged by its range.</summary>
    /// <param name="code">Any close code as it came, also one that <see cref="DisconnectCode"/> does not name.</param>
    public static DisconnectVerdict Verdict(int code) => code switch
    {
        1000 or 1002 or 1003 or 1007 or 1008 or 1009 => DisconnectVerdict.Stop,
        >= 4400 and <= 4499 => DisconnectVerdict.ComeBackWithNewToken,
        >= 4500 and <= 4999 => DisconnectVerdict.Stop,
        _ => DisconnectVerdict.ComeBack,
    };

    /// <summary>The name of the table, e.g. <c>slow_consumer</c>; <c>unknown</c> for a number that is not ours.</summary>
    public static string Name(DisconnectCode code) => code switch
    {
        DisconnectCode.Draining => "draining",
        DisconnectCode.SlowConsumer => "slow_consumer",
        DisconnectCode.IdleTimeout => "idle_timeout",
        DisconnectCode.Overloaded => "overloaded",
        DisconnectCode.InternalError => "internal_error",
        DisconnectCode.HelloTimeout => "hello_timeout",
        DisconnectCode.StorageUnavailable => "storage_unavailable",
        DisconnectCode.TokenExpired => "token_expired",
        DisconnectCode.TokenInvalid => "token_invalid",
        DisconnectCode.SessionRevoked => "session_revoked",
        DisconnectCode.MalformedFrame => "malformed_frame",
        DisconnectCode.UnknownFrameType => "unknown_frame_type",
        DisconnectCode.WrongState => "wrong_state",
        DisconnectCode.FrameTooLarge => "frame_too_large",
        DisconnectCode.UnsupportedVersion => "unsupported_version",
        DisconnectCode.InvalidRequestId => "invalid_request_id",
        DisconnectCode.Normal => "normal",
        DisconnectCode.GoingAway => "going_away",
        DisconnectCode.ProtocolError => "protocol_error",
        DisconnectCode.UnsupportedData => "unsupported_data",
        DisconnectCode.NoStatus => "no_status",
        DisconnectCode.Abnormal => "abnormal",
        DisconnectCode.InvalidPayload => "invalid_payload",
        DisconnectCode.PolicyViolation => "policy_violation",
        DisconnectCode.MessageTooBig => "message_too_big",
        DisconnectCode.UnexpectedCondition => "unexpected_condition",
        DisconnectCode.ServiceRestart => "service_restart",
        _ => "unknown",
    };
}
