using System.Globalization;

namespace Chat.Domain.Limits;

/// <summary>One value of <see cref="LimitSettings"/> under the name by which it is stored, shown and set.</summary>
public sealed class LimitSetting
{
    private const double MaxValue = 1_000_000;
    private const double MinMembers = 2;
    private const double MaxMembers = 10_000;

    private readonly Func<LimitSettings, double, LimitSettings> _with;

    private LimitSetting(
        string name, string meaning, Kind kind, Func<LimitSettings, double> read, Func<LimitSettings, double, LimitSettings> with) =>
        (Name, Meaning, Shape, Read, _with) = ("Limits:" + name, meaning, kind, read, with);

    private enum Kind : byte
    {
        /// <summary>A fraction or zero.</summary>
        Rate,

        /// <summary>A whole number from 1.</summary>
        Burst,

        /// <summary>A whole number or zero.</summary>
        Count,

        /// <summary>Zero or one.</summary>
        Switch,

        /// <summary>A whole number of people from two; every event of a group is a push to each, so not of any size.</summary>
        Members,
    }

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static IReadOnlyList<LimitSetting> All { get; } =
    [
        new(
            nameof(LimitSettings.SendsPerSecond), "messages a second of one principal", Kind.Rate,
            s => s.SendsPerSecond, (s, v) => s with { SendsPerSecond = v }),
        new(
            nameof(LimitSettings.SendsBurst), "messages of one principal at once", Kind.Burst,
            s => s.SendsBurst, (s, v) => s with { SendsBurst = (int)v }),
        new(
            nameof(LimitSettings.FramesPerSecond), "frames a second of one connection", Kind.Rate,
            s => s.FramesPerSecond, (s, v) => s with { FramesPerSecond = v }),
        new(
            nameof(LimitSettings.FramesBurst), "frames of one connection at once", Kind.Burst,
            s => s.FramesBurst, (s, v) => s with { FramesBurst = (int)v }),
        new(
            nameof(LimitSettings.ChatMessagesPerSecond), "messages a second of one chat", Kind.Rate,
            s => s.ChatMessagesPerSecond, (s, v) => s with { ChatMessagesPerSecond = v }),
        new(
            nameof(LimitSettings.ChatMessagesBurst), "messages of one chat at once", Kind.Burst,
            s => s.ChatMessagesBurst, (s, v) => s with { ChatMessagesBurst = (int)v }),
        new(
            nameof(LimitSettings.TypingPerSecond), "typing notices a second of one principal in a chat", Kind.Rate,
            s => s.TypingPerSecond, (s, v) => s with { TypingPerSecond = v }),
        new(
            nameof(LimitSettings.HistoryPerSecond), "pages of history a second of one principal", Kind.Rate,
            s => s.HistoryPerSecond, (s, v) => s with { HistoryPerSecond = v }),
        new(
            nameof(LimitSettings.HistoryBurst), "pages of history of one principal at once", Kind.Burst,
            s => s.HistoryBurst, (s, v) => s with { HistoryBurst = (int)v }),
        new(
            nameof(LimitSettings.EditWindowMinutes), "minutes for which an author may edit a message", Kind.Count,
            s => s.EditWindowMinutes, (s, v) => s with { EditWindowMinutes = (int)v }),
        new(
            nameof(LimitSettings.DeleteWindowMinutes), "minutes for which an author may delete a message for everyone", Kind.Count,
            s => s.DeleteWindowMinutes, (s, v) => s with { DeleteWindowMinutes = (int)v }),
        new(
            nameof(LimitSettings.LookupsPerSecond), "people a second that one principal looks up", Kind.Rate,
            s => s.LookupsPerSecond, (s, v) => s with { LookupsPerSecond = v }),
        new(
            nameof(LimitSettings.LookupsBurst), "look-ups of one principal at once", Kind.Burst,
            s => s.LookupsBurst, (s, v) => s with { LookupsBurst = (int)v }),
        new(
            nameof(LimitSettings.GroupMembers), "members of one group", Kind.Members,
            s => s.GroupMembers, (s, v) => s with { GroupMembers = (int)v }),
        new(
            nameof(LimitSettings.PinnedChats), "chats that one principal may pin", Kind.Count,
            s => s.PinnedChats, (s, v) => s with { PinnedChats = (int)v }),
        new(
            nameof(LimitSettings.UploadsPerMinute), "uploads a minute of one principal", Kind.Rate,
            s => s.UploadsPerMinute, (s, v) => s with { UploadsPerMinute = v }),
        new(
            nameof(LimitSettings.UploadsBurst), "uploads of one principal at once", Kind.Burst,
            s => s.UploadsBurst, (s, v) => s with { UploadsBurst = (int)v }),
        new(
            nameof(LimitSettings.UploadPartsPerSecond), "parts of uploads a second of one principal", Kind.Rate,
            s => s.UploadPartsPerSecond, (s, v) => s with { UploadPartsPerSecond = v }),
        new(
            nameof(LimitSettings.UploadPartsBurst), "parts of uploads of one principal at once", Kind.Burst,
            s => s.UploadPartsBurst, (s, v) => s with { UploadPartsBurst = (int)v }),
        new(
            nameof(LimitSettings.FileReadsPerSecond), "links to files, and downloads, a second of one principal", Kind.Rate,
            s => s.FileReadsPerSecond, (s, v) => s with { FileReadsPerSecond = v }),
        new(
            nameof(LimitSettings.FileReadsBurst), "links to files, and downloads, of one principal at once", Kind.Burst,
            s => s.FileReadsBurst, (s, v) => s with { FileReadsBurst = (int)v }),
        new(
            nameof(LimitSettings.StatusesPerHour), "statuses an hour of one principal", Kind.Rate,
            s => s.StatusesPerHour, (s, v) => s with { StatusesPerHour = v }),
        new(
            nameof(LimitSettings.StatusesBurst), "statuses of one principal at once", Kind.Burst,
            s => s.StatusesBurst, (s, v) => s with { StatusesBurst = (int)v }),
        new(
            nameof(LimitSettings.ActiveStatuses), "statuses that one principal shows at a time", Kind.Count,
            s => s.ActiveStatuses, (s, v) => s with { ActiveStatuses = (int)v }),
        new(
            nameof(LimitSettings.ScheduledPerMinute), "messages a minute that one principal schedules or changes", Kind.Rate,
            s => s.ScheduledPerMinute, (s, v) => s with { ScheduledPerMinute = v }),
        new(
            nameof(LimitSettings.ScheduledBurst), "messages that one principal schedules or changes at once", Kind.Burst,
            s => s.ScheduledBurst, (s, v) => s with { ScheduledBurst = (int)v }),
        new(
            nameof(LimitSettings.OpenScheduled), "scheduled messages that one principal has at a time", Kind.Count,
            s => s.OpenScheduled, (s, v) => s with { OpenScheduled = (int)v }),
        new(
            nameof(LimitSettings.CallsPerMinute), "calls a minute that one principal starts", Kind.Rate,
            s => s.CallsPerMinute, (s, v) => s with { CallsPerMinute = v }),
        new(
            nameof(LimitSettings.CallsBurst), "calls that one principal starts at once", Kind.Burst,
            s => s.CallsBurst, (s, v) => s with { CallsBurst = (int)v }),
        new(
            nameof(LimitSettings.CallSignalsPerSecond), "signals in calls a second of one principal", Kind.Rate,
            s => s.CallSignalsPerSecond, (s, v) => s with { CallSignalsPerSecond = v }),
        new(
            nameof(LimitSettings.CallSignalsBurst), "signals in calls of one principal at once", Kind.Burst,
            s => s.CallSignalsBurst, (s, v) => s with { CallSignalsBurst = (int)v }),
        new(
            nameof(LimitSettings.PreviewsPerMinute), "previews of pages a minute of one principal", Kind.Rate,
            s => s.PreviewsPerMinute, (s, v) => s with { PreviewsPerMinute = v }),
        new(
            nameof(LimitSettings.PreviewsBurst), "previews of pages of one principal at once", Kind.Burst,
            s => s.PreviewsBurst, (s, v) => s with { PreviewsBurst = (int)v }),
        new(
            nameof(LimitSettings.SearchesPerSecond), "searches a second of one principal", Kind.Rate,
            s => s.SearchesPerSecond, (s, v) => s with { SearchesPerSecond = v }),
        new(
            nameof(LimitSettings.SearchesBurst), "searches of one principal at once", Kind.Burst,
            s => s.SearchesBurst, (s, v) => s with { SearchesBurst = (int)v }),
        new(
            nameof(LimitSettings.MessageInfosPerSecond), "pages of who has read a message a second of one principal", Kind.Rate,
            s => s.MessageInfosPerSecond, (s, v) => s with { MessageInfosPerSecond = v }),
        new(
            nameof(LimitSettings.MessageInfosBurst), "pages of who has read a message of one principal at once", Kind.Burst,
            s => s.MessageInfosBurst, (s, v) => s with { MessageInfosBurst = (int)v }),
        new(
            nameof(LimitSettings.ConnectionsPerPrincipal), "connections of one principal to a node", Kind.Count,
            s => s.ConnectionsPerPrincipal, (s, v) => s with { ConnectionsPerPrincipal = (int)v }),
        new(
            nameof(LimitSettings.AddressConnectionsPerSecond), "connections a second of one address", Kind.Rate,
            s => s.AddressConnectionsPerSecond, (s, v) => s with { AddressConnectionsPerSecond = v }),
        new(
            nameof(LimitSettings.AddressConnectionsBurst), "connections of one address at once", Kind.Burst,
            s => s.AddressConnectionsBurst, (s, v) => s with { AddressConnectionsBurst = (int)v }),
        new(
            nameof(LimitSettings.AddressConnections), "open connections of one address to a node", Kind.Count,
            s => s.AddressConnections, (s, v) => s with { AddressConnections = (int)v }),
        new(
            nameof(LimitSettings.AddressSignInsPerSecond), "requests without a valid token a second of one address", Kind.Rate,
            s => s.AddressSignInsPerSecond, (s, v) => s with { AddressSignInsPerSecond = v }),
        new(
            nameof(LimitSettings.AddressSignInsBurst), "requests without a valid token of one address at once", Kind.Burst,
            s => s.AddressSignInsBurst, (s, v) => s with { AddressSignInsBurst = (int)v }),
        new(
            nameof(LimitSettings.LimitLoopback), "1 to limit this machine's own addresses too", Kind.Switch,
            s => s.LimitLoopback, (s, v) => s with { LimitLoopback = (int)v }),
    ];

    /// <summary>What to tell who names another one; goes behind the name.</summary>
    public static string NoSuchName { get; } =
        $"cannot be set while nodes run. There are: {string.Join(", ", All.Select(known => known.Name))}.";

    /// <summary>Name with its section, such as <c>Limits:SendsPerSecond</c>.</summary>
    public string Name { get; }

    /// <summary>What the number counts, for people.</summary>
    public string Meaning { get; }

    /// <summary>Takes the value out of a record.</summary>
    public Func<LimitSettings, double> Read { get; }

    private Kind Shape { get; }

    /// <summary>By name, whatever its case; null when there is none.</summary>
    public static LimitSetting? Find(string name) =>
        All.FirstOrDefault(setting => setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The record with this value changed. Judge the value first.</summary>
    public LimitSettings Change(LimitSettings settings, double value) => _with(settings, value);

    /// <summary>Reads a value as people and the database write it; the fault, with what may be set, if it cannot be used.</summary>
    public string? TryParse(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) ? FindFault(value) : Fault($"'{text}'");

    /// <summary>What is wrong with a value and what may be set; null when it can be used.</summary>
    public string? FindFault(double value)
    {
        (double least, double most) = Shape switch
        {
            Kind.Burst => (1, MaxValue),
            Kind.Switch => (0, 1),
            Kind.Members => (MinMembers, MaxMembers),
            _ => (0d, MaxValue),
        };
        bool valid = value >= least && value <= most && (Shape == Kind.Rate || value == Math.Floor(value)); // false for NaN too
        return valid ? null : Fault(value.ToString(CultureInfo.InvariantCulture));
    }

    private string Fault(string shown) => Shape switch
    {
        Kind.Switch => $"{Name} is {shown}: set {Meaning}, or 0.",
        Kind.Rate => $"{Name} is {shown}: set {Meaning}, from 0 (no limit) to {MaxValue:0}, such as 10 or 0.5.",
        Kind.Burst => $"{Name} is {shown}: set {Meaning}, a whole number from 1 to {MaxValue:0}.",
        Kind.Members => $"{Name} is {shown}: set {Meaning}, a whole number from {MinMembers:0} to {MaxMembers:0}.",
        _ => $"{Name} is {shown}: set {Meaning}, a whole number from 0 (no limit) to {MaxValue:0}.",
    };
}
