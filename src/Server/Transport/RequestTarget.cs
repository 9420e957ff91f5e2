using System.Text;

namespace Chat.Server.Transport;

internal enum RequestTargetMatch : byte { NotOurs, NeedMoreData, Ours, AbsoluteForm }

/// <summary>Decides on the first bytes of a connection, as early as possible, whether they can be a GET of our path.</summary>
internal static class RequestTarget
{
    public static RequestTargetMatch Match(ReadOnlySpan<byte> input, string? path)
    {
        RequestTargetMatch method = MatchPrefix(input, "GET /"u8, ignoreCase: false);
        if (path is null) return method;

        method = MatchPrefix(input, "GET "u8, ignoreCase: false);
        if (method != RequestTargetMatch.Ours) return method;

        ReadOnlySpan<byte> target = input[4..];
        RequestTargetMatch match = MatchPath(target, path);
        return match == RequestTargetMatch.NotOurs ? MatchAbsoluteForm(target, path) : match;
    }

    // RFC 9112 §3.2.2 lets a client of a proxy write the whole address; for our path that is a request gone astray, not one for HTTP.
    private static RequestTargetMatch MatchAbsoluteForm(ReadOnlySpan<byte> target, string path)
    {
        RequestTargetMatch http = MatchPrefix(target, "http://"u8, ignoreCase: true), https = MatchPrefix(target, "https://"u8, ignoreCase: true);
        if (http == RequestTargetMatch.NotOurs && https == RequestTargetMatch.NotOurs) return RequestTargetMatch.NotOurs;
        if (http != RequestTargetMatch.Ours && https != RequestTargetMatch.Ours) return RequestTargetMatch.NeedMoreData;

        ReadOnlySpan<byte> afterScheme = target[(http == RequestTargetMatch.Ours ? 7 : 8)..];
        int slash = afterScheme.IndexOfAny("/ ?\r\n"u8);
        if (slash < 0) return target.Length > HandshakeParser.MaxLineBytes ? RequestTargetMatch.NotOurs : RequestTargetMatch.NeedMoreData;

        RequestTargetMatch match = MatchPath(afterScheme[slash..], path);
        return match == RequestTargetMatch.Ours ? RequestTargetMatch.AbsoluteForm : match;
    }

    private static RequestTargetMatch MatchPath(ReadOnlySpan<byte> target, string path)
    {
        int common = Math.Min(target.Length, path.Length);
        if (!Ascii.Equals(target[..common], path.AsSpan(0, common))) return RequestTargetMatch.NotOurs;
        if (target.Length <= path.Length) return RequestTargetMatch.NeedMoreData;
        return target[path.Length] is (byte)' ' or (byte)'?' ? RequestTargetMatch.Ours : RequestTargetMatch.NotOurs;
    }

    private static RequestTargetMatch MatchPrefix(ReadOnlySpan<byte> input, ReadOnlySpan<byte> prefix, bool ignoreCase)
    {
        int common = Math.Min(input.Length, prefix.Length);
        bool same = ignoreCase
            ? Ascii.EqualsIgnoreCase(input[..common], prefix[..common])
            : input[..common].SequenceEqual(prefix[..common]);
        if (!same) return RequestTargetMatch.NotOurs;
        return common == prefix.Length ? RequestTargetMatch.Ours : RequestTargetMatch.NeedMoreData;
    }
}
