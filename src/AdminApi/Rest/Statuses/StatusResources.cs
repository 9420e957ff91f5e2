using System.ComponentModel.DataAnnotations;
using Chat.AdminApi.Rest.Messages;
using Chat.Domain.Statuses;
using Chat.Domain.Wire;
using Chat.Protocol.Codes;
using Chat.Storage.Statuses;

namespace Chat.AdminApi.Rest.Statuses;

/// <summary>A status to be posted (protocol-spec.md §6.38).</summary>
internal sealed record NewStatusBody
{
    /// <summary>A random UUID made by the caller; a retry with the same one is safe and gives the same status.</summary>
    [Required]
    public Guid? ClientStatusId { get; init; }

    /// <summary>Text, image or video.</summary>
    [Required]
    public ContentKind? Kind { get; init; }

    /// <summary>The text, or the caption of an image or video; at most 700 characters.</summary>
    public string? Text { get; init; }

    /// <summary>What is behind a text: # and six hexadecimal digits.</summary>
    public string? Background { get; init; }

    /// <summary>How a text looks.</summary>
    public StatusFont? Font { get; init; }

    /// <summary>The file of an image or video, uploaded for a status.</summary>
    public MediaResource? Media { get; init; }
}

/// <summary>A status.</summary>
internal sealed record StatusResource
{
    /// <summary>Its id.</summary>
    public required long Id { get; init; }

    /// <summary>Who posted it.</summary>
    public required long AuthorId { get; init; }

    /// <summary>Text, image or video.</summary>
    public required ContentKind Kind { get; init; }

    /// <summary>The text, or the caption of an image or video.</summary>
    public string? Text { get; init; }

    /// <summary>What is behind a text.</summary>
    public string? Background { get; init; }

    /// <summary>How a text looks.</summary>
    public StatusFont? Font { get; init; }

    /// <summary>The file of an image or video.</summary>
    public MediaResource? Media { get; init; }

    /// <summary>When it was posted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is gone.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The caller has looked at it. Of one's own always false.</summary>
    public required bool Seen { get; init; }

    public static StatusResource From(StatusRow row) => new()
    {
        Id = row.Id,
        AuthorId = row.AuthorId,
        Kind = (ContentKind)row.Kind,
        Text = row.Text,
        Background = row.Background,
        Font = (StatusFont?)row.Font,
        Media = row.ToWireMedia() is { } media ? MediaResource.From(media) : null,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAtMs),
        ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(row.ExpiresAtMs),
        Seen = row.IsSeen,
    };

    public static Page<StatusResource> From(StatusPage page) =>
        new() { Items = [.. page.Statuses.Select(From)], NextCursor = page.NextCursor };
}

/// <summary>Somebody who shows the caller statuses.</summary>
internal sealed record StatusAuthorResource
{
    /// <summary>Who.</summary>
    public required long AuthorId { get; init; }

    /// <summary>The name the person gave themselves.</summary>
    public required string Name { get; init; }

    /// <summary>The name under which the caller keeps them, if there is one.</summary>
    public string? OwnName { get; init; }

    /// <summary>A reference to the person's picture, if there is one and the caller may see it.</summary>
    public string? Avatar { get; init; }

    /// <summary>Statuses that the caller may see.</summary>
    public required long Total { get; init; }

    /// <summary>Those of them that the caller has not looked at.</summary>
    public required long Unseen { get; init; }

    /// <summary>The caller has muted the person's statuses: show them apart, and do not call attention to them.</summary>
    public required bool Muted { get; init; }

    /// <summary>The newest of them.</summary>
    public required long NewestId { get; init; }

    /// <summary>When the newest was posted.</summary>
    public required DateTimeOffset NewestAt { get; init; }

    public static Page<StatusAuthorResource> From(StatusAuthorPage page) => new()
    {
        Items =
        [
            .. page.Authors.Select(row => new StatusAuthorResource
            {
                AuthorId = row.AuthorId,
                Name = row.Name,
                OwnName = row.OwnName,
                Avatar = row.Avatar,
                Total = row.Total,
                Unseen = row.Unseen,
                Muted = row.IsMuted,
                NewestId = row.NewestId,
                NewestAt = DateTimeOffset.FromUnixTimeMilliseconds(row.NewestAtMs),
            }),
        ],
        NextCursor = page.NextCursor,
    };
}

/// <summary>Somebody who has looked at a status.</summary>
internal sealed record StatusViewerResource
{
    /// <summary>Who.</summary>
    public required long PrincipalId { get; init; }

    /// <summary>The person's name.</summary>
    public required string Name { get; init; }

    /// <summary>A reference to the person's picture, if there is one and the caller may see it.</summary>
    public string? Avatar { get; init; }

    /// <summary>When, for the first time.</summary>
    public required DateTimeOffset ViewedAt { get; init; }
}

/// <summary>A page of who has looked at a status.</summary>
internal sealed record StatusViewersResource
{
    /// <summary>Who, the last one first.</summary>
    public required IReadOnlyList<StatusViewerResource> Items { get; init; }

    /// <summary>How many in all.</summary>
    public required long Total { get; init; }

    /// <summary>Where the next page starts: give it back unchanged. Null on the last page.</summary>
    public string? NextCursor { get; init; }

    public static StatusViewersResource From(StatusViewerPage page) => new()
    {
        Items =
        [
            .. page.Viewers.Select(row => new StatusViewerResource
            {
                PrincipalId = row.ViewerId,
                Name = row.Name,
                Avatar = row.Avatar,
                ViewedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.ViewedAtMs),
            }),
        ],
        Total = page.Total,
        NextCursor = page.NextCursor,
    };
}

/// <summary>For whom one's next statuses are.</summary>
internal sealed record StatusPrivacyBody
{
    /// <summary>All contacts, all but some, or some.</summary>
    [Required]
    public StatusAudience? Audience { get; init; }

    /// <summary>Whom contacts_except leaves out and only names; at most 1,000.</summary>
    public IReadOnlyList<WholeNumber>? People { get; init; }
}

/// <summary>For whom one's next statuses are.</summary>
internal sealed record StatusPrivacyResource
{
    /// <summary>All contacts, all but some, or some.</summary>
    public required StatusAudience Audience { get; init; }

    /// <summary>Whom contacts_except leaves out and only names, in the order of their ids.</summary>
    public required IReadOnlyList<long> People { get; init; }

    public static StatusPrivacyResource From(StatusPrivacyRow row) => new() { Audience = (StatusAudience)row.Audience, People = row.Listed };
}
