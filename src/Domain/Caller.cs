namespace Chat.Domain;

/// <summary>Says who asks: the principal and the device that a verified access token names.</summary>
public readonly record struct Caller(long PrincipalId, long DeviceId);
