using System.Buffers;
using Chat.Domain.Messages;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;

namespace Chat.Domain.Statuses;

/// <summary>What a status must satisfy (protocol-spec.md §6.38): strict, because it is stored and shown as it came.</summary>
internal static class StatusRules
{
    /// <summary>UTF-16 units of a text or caption.</summary>
    public const int MaxTextChars = 700;

    /// <summary>People whom a privacy may name.</summary>
    public const int MaxListed = 1_000;

    public const int DefaultPage = 50;
    public const int MaxPage = 100;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Null when it may be stored.</summary>
    public static Failure? Judge(StatusInput input)
    {
        if (input.ClientStatusId == Guid.Empty)
            return Failures.Invalid("client_status_id", "client_status_id is all zero: make a random UUID for each status.");
        if (input.Kind is not (ContentKind.Text or ContentKind.Image or ContentKind.Video))
            return Failures.Invalid("kind", "kind is missing or none of a status: send text, image or video.");
        if (input.Text?.Length > MaxTextChars)
        {
            return new Failure(
                ErrorCode.TextTooLong,
                $"text has {input.Text.Length} characters, at most {MaxTextChars} are allowed in a status: shorten it.",
                Field: "text");
        }

        if ((input.Kind == ContentKind.Text || input.Text is not null) && MessageText.Judge(input.Text) is { } failure) return failure;
        return input.Kind == ContentKind.Text ? JudgeLook(input) : JudgeFile(input);
    }

    private static Failure? JudgeLook(StatusInput input)
    {
        if (string.IsNullOrWhiteSpace(input.Text)) return new Failure(ErrorCode.TextEmpty, "text is blank: send something to read.", Field: "text");
        if (input.Media is not null) return Failures.Invalid("media", "media goes with an image or video only: leave it out.");
        if (input.Background is { } color && !IsColor(color))
            return Failures.Invalid("background", "background is no colour: send # and six hexadecimal digits, such as #1F6F54.");
        return input.Font is { } font && !Enum.IsDefined(font) || input.Font == StatusFont.None
            ? Failures.Invalid("font", "font is none of ours: send sans, serif, mono, script or bold, or leave it out.")
            : null;
    }

    private static Failure? JudgeFile(StatusInput input)
    {
        if (input.Background is not null) return Failures.Invalid("background", "background goes with a text only: leave it out.");
        if (input.Font is not null) return Failures.Invalid("font", "font goes with a text only: leave it out.");
        if (input.Media is not { } media)
            return Failures.Invalid("media", "media is missing: upload the file as one of a status, and send what that answered.");

        return ContentRules.Judge(new WireContent(input.Kind, null, [], media, null, null), null) is { } failure
            ? failure with { Field = "media" }
            : null;
    }

    private static bool IsColor(string text) => text is ['#', _, _, _, _, _, _] && text.AsSpan(1).IndexOfAnyExcept(HexDigits) < 0;
}
