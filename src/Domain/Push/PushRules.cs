using System.Numerics;
using Chat.Domain.Outside;
using Chat.Protocol.Codes;
using Chat.Storage.Push;

namespace Chat.Domain.Push;

/// <summary>What a subscription must satisfy (protocol-spec.md §8.15): what is wrong with it is said now, and not found out with every push.</summary>
internal static class PushRules
{
    public const int MaxEndpointChars = 2_000;

    private const int MaxTokenChars = 2_000;
    private const int PointBytes = 65;
    private const int AuthBytes = 16;
    private const byte Uncompressed = 4;

    /// <summary>The curve P-256 (FIPS 186-5, SEC 2): y² = x³ − 3x + b.</summary>
    private static readonly BigInteger Prime = ReadHex("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF");
    private static readonly BigInteger B = ReadHex("5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B");

    public static Result<NewSubscription> Judge(PushInput input, bool isOwnNetworkAllowed)
    {
        if (input.Transport != PushTransport.Web) return JudgeToken(input);
        if (!PublicUrl.TryRead(input.Endpoint, MaxEndpointChars, isOwnNetworkAllowed, out _, out string? wrong))
        {
            return new Failure(
                ErrorCode.PushEndpointInvalid, $"endpoint {wrong}: send the endpoint of the browser's PushSubscription as it is.", Field: "endpoint");
        }

        if (!PushKeyText.TryRead(input.P256dh, PointBytes, out byte[]? p256dh) || !IsOnCurve(p256dh))
            return WrongKey("p256dh", "is not a point of P-256, 65 bytes in base64url");
        if (!PushKeyText.TryRead(input.Auth, AuthBytes, out byte[]? auth)) return WrongKey("auth", "is not 16 bytes in base64url");
        return new NewSubscription(PushTransports.Web, input.Endpoint!, p256dh, auth, (short)input.Content);
    }

    private static Result<NewSubscription> JudgeToken(PushInput input)
    {
        if (input.P256dh is not null || input.Auth is not null) return WrongKey("p256dh", "and auth stand with the transport web, and only there");
        string token = input.Endpoint ?? "";
        bool isGood = token.Length is > 0 and <= MaxTokenChars && token.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or ':' or '.');
        return isGood
            ? new NewSubscription((short)input.Transport, token, null, null, (short)input.Content)
            : new Failure(ErrorCode.PushEndpointInvalid, "endpoint is not the token that the system gave the app: send it as it is.", Field: "endpoint");
    }

    private static bool IsOnCurve(ReadOnlySpan<byte> point)
    {
        if (point[0] != Uncompressed) return false;
        BigInteger x = new(point[1..33], isUnsigned: true, isBigEndian: true), y = new(point[33..], isUnsigned: true, isBigEndian: true);
        if (x >= Prime || y >= Prime) return false;
        return BigInteger.Remainder(y * y, Prime) == BigInteger.Remainder(BigInteger.ModPow(x, 3, Prime) + (Prime - 3) * x + B, Prime);
    }

    private static BigInteger ReadHex(string hex) => new(Convert.FromHexString(hex), isUnsigned: true, isBigEndian: true);

    private static Failure WrongKey(string field, string what) =>
        new(ErrorCode.PushKeysInvalid, $"{field} {what}: send the keys of the browser's PushSubscription as they are.", Field: field);
}
