using System.Globalization;
using System.Reflection;

namespace Chat.Domain.Limits;

/// <summary>One value of <see cref="LimitSettings"/> under the name by which it is stored, shown and set. Read and changed rarely, so by reflection.</summary>
public sealed class LimitSetting
{
    private const double MaxValue = 1_000_000;
    private const double MinMembers = 2;
    private const double MaxMembers = 10_000;

    private readonly PropertyInfo? _ofKind;
    private readonly PropertyInfo _value;

    private LimitSetting(string property, string meaning, Kind shape)
    {
        (Name, Meaning, Shape) = ("Limits:" + property, meaning, shape);
        _value = typeof(LimitSettings).GetProperty(property)!;
    }

    /// <summary>The same value for one kind of principals.</summary>
    private LimitSetting(LimitSetting all, PropertyInfo ofKind, PropertyInfo value)
    {
        string kind = ofKind.Name.ToLowerInvariant();
        (Name, Meaning, Shape) = ($"Limits:{ofKind.Name}:{value.Name}", $"{all.Meaning}, of {kind} alone", all.Shape);
        (_ofKind, _value) = (ofKind, value);
    }

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

    /// <summary>Those that hold for all kinds of principals, in the order in which they are shown.</summary>
    public static IReadOnlyList<LimitSetting> All { get; } =
    [
        new(nameof(LimitSettings.RequestsPerMinute), "requests over REST a minute of one principal", Kind.Rate),
        new(nameof(LimitSettings.RequestsBurst), "requests over REST of one principal at once", Kind.Burst),
        new(nameof(LimitSettings.SendsPerMinute), "messages a minute of one principal", Kind.Rate),
        new(nameof(LimitSettings.SendsBurst), "messages of one principal at once", Kind.Burst),
        new(nameof(LimitSettings.FramesPerSecond), "frames a second of one connection", Kind.Rate),
        new(nameof(LimitSettings.FramesBurst), "frames of one connection at once", Kind.Burst),
        new(nameof(LimitSettings.ChatMessagesPerSecond), "messages a second of one chat", Kind.Rate),
        new(nameof(LimitSettings.ChatMessagesBurst), "messages of one chat at once", Kind.Burst),
        new(nameof(LimitSettings.TypingPerSecond), "typing notices a second of one principal in a chat", Kind.Rate),
        new(nameof(LimitSettings.HistoryPerSecond), "pages of history a second of one principal", Kind.Rate),
        new(nameof(LimitSettings.HistoryBurst), "pages of history of one principal at once", Kind.Burst),
        new(nameof(LimitSettings.EditWindowMinutes), "minutes for which an author may edit a message", Kind.Count),
        new(nameof(LimitSettings.DeleteWindowMinutes), "minutes for which an author may delete a message for everyone", Kind.Count),
        new(nameof(LimitSettings.LookupsPerSecond), "people a second that one principal looks up", Kind.Rate),
        new(nameof(LimitSettings.LookupsBurst), "look-ups of one principal at once", Kind.Burst),
        new(nameof(LimitSettings.GroupMembers), "members of one group", Kind.Members),
        new(nameof(LimitSettings.PinnedChats), "chats that one principal may pin", Kind.Count),
        new(nameof(LimitSettings.UploadsPerMinute), "uploads a minute of one principal", Kind.Rate),
        new(nameof(LimitSettings.UploadsBurst), "uploads of one principal at once", Kind.Burst),
        new(nameof(LimitSettings.UploadPartsPerSecond), "parts of uploads a second of one principal", Kind.Rate),
        new(nameof(LimitSettings.UploadPartsBurst), "parts of uploads of one principal at once", Kind.Burst),
        new(nameof(LimitSettings.FileReadsPerSecond), "links to files, and downloads, a second of one principal", Kind.Rate),
        new(nameof(LimitSettings.FileReadsBurst), "links to files, and downloads, of one principal at once", Kind.Burst),
        new(nameof(LimitSettings.StatusesPerHour), "statuses an hour of one principal", Kind.Rate),
        new(nameof(LimitSettings.StatusesBurst), "statuses of one principal at once", Kind.Burst),
        new(nameof(LimitSettings.ActiveStatuses), "statuses that one principal shows at a time", Kind.Count),
        new(nameof(LimitSettings.ScheduledPerMinute), "messages a minute that one principal schedules or changes", Kind.Rate),
        new(nameof(LimitSettings.ScheduledBurst), "messages that one principal schedules or changes at once", Kind.Burst),
        new(nameof(LimitSettings.OpenScheduled), "scheduled messages that one principal has at a time", Kind.Count),
        new(nameof(LimitSettings.CallsPerMinute), "calls a minute that one principal starts", Kind.Rate),
        new(nameof(LimitSettings.CallsBurst), "calls that one principal starts at once", Kind.Burst),
        new(nameof(LimitSettings.CallSignalsPerSecond), "signals in calls a second of one principal", Kind.Rate),
        new(nameof(LimitSettings.CallSignalsBurst), "signals in calls of one principal at once", Kind.Burst),
        new(nameof(LimitSettings.PreviewsPerMinute), "previews of pages a minute of one principal", Kind.Rate),
        new(nameof(LimitSettings.PreviewsBurst), "previews of pages of one principal at once", Kind.Burst),
        new(nameof(LimitSettings.SearchesPerSecond), "searches a second of one principal", Kind.Rate),
        new(nameof(LimitSettings.SearchesBurst), "searches of one principal at once", Kind.Burst),
        new(nameof(LimitSettings.MessageInfosPerSecond), "pages of who has read a message a second of one principal", Kind.Rate),
        new(nameof(LimitSettings.MessageInfosBurst), "pages of who has read a message of one principal at once", Kind.Burst),
        new(nameof(LimitSettings.ConnectionsPerPrincipal), "connections of one principal to a node", Kind.Count),
        new(nameof(LimitSettings.AddressConnectionsPerSecond), "connections a second of one address", Kind.Rate),
        new(nameof(LimitSettings.AddressConnectionsBurst), "connections of one address at once", Kind.Burst),
        new(nameof(LimitSettings.AddressConnections), "open connections of one address to a node", Kind.Count),
        new(nameof(LimitSettings.AddressSignInsPerSecond), "requests without a valid token a second of one address", Kind.Rate),
        new(nameof(LimitSettings.AddressSignInsBurst), "requests without a valid token of one address at once", Kind.Burst),
        new(nameof(LimitSettings.LimitLoopback), "1 to limit this machine's own addresses too", Kind.Switch),
    ];

    /// <summary>What kinds may have of their own: for each kind whatever counts for one principal, in the order of <see cref="All"/>.</summary>
    public static IReadOnlyList<LimitSetting> OfKinds { get; } =
    [
        .. from kind in typeof(LimitSettings).GetProperties()
           where kind.PropertyType == typeof(KindLimits)
           from all in All
           let value = typeof(KindLimits).GetProperty(all._value.Name)
           where value is not null
           select new LimitSetting(all, kind, value),
    ];

    /// <summary>Names of before: what is stored under one of them holds, unless its name of today is stored, too.</summary>
    private static readonly IReadOnlyDictionary<LimitSetting, LimitSetting> Former = new Dictionary<LimitSetting, LimitSetting>
    {
        [new(nameof(LimitSettings.SendsPerSecond), "messages a second of one principal", Kind.Rate)] = Get(nameof(LimitSettings.SendsPerMinute)),
    };

    /// <summary>What to tell who names another one; goes behind the name.</summary>
    public static string NoSuchName { get; } =
        $"cannot be set while nodes run. There are: {string.Join(", ", All.Select(known => known.Name))}. "
        + $"What counts for one principal may differ for {string.Join(", ", OfKinds.Select(known => known._ofKind!.Name).Distinct())}: {OfKinds[0].Name}.";

    /// <summary>Name with its section, such as <c>Limits:SendsPerMinute</c> or <c>Limits:Visitors:SendsPerMinute</c>.</summary>
    public string Name { get; }

    /// <summary>What the number counts, for people.</summary>
    public string Meaning { get; }

    /// <summary>The setting that stands for this one today; null for one that is no former name.</summary>
    public LimitSetting? Today => Former.GetValueOrDefault(this);

    /// <summary>The names that this setting had before.</summary>
    public IEnumerable<string> FormerNames => Former.Where(pair => pair.Value == this).Select(pair => pair.Key.Name);

    private Kind Shape { get; }

    /// <summary>By name of today or of before, whatever its case; null when there is none.</summary>
    public static LimitSetting? Find(string name) =>
        All.Concat(OfKinds).Concat(Former.Keys).FirstOrDefault(setting => setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Takes the value out of a record; null where a kind has none of its own.</summary>
    public double? Read(LimitSettings settings)
    {
        object from = _ofKind is null ? settings : _ofKind.GetValue(settings)!;
        return _value.GetValue(from) is { } value ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : null;
    }

    /// <summary>The record with this value changed. Judge the value first.</summary>
    public LimitSettings Change(LimitSettings settings, double value)
    {
        LimitSettings changed = settings with { };
        Type type = Nullable.GetUnderlyingType(_value.PropertyType) ?? _value.PropertyType;
        object typed = Convert.ChangeType(value, type, CultureInfo.InvariantCulture);
        if (_ofKind is null)
        {
            _value.SetValue(changed, typed);
            return changed;
        }

        KindLimits own = (KindLimits)_ofKind.GetValue(settings)! with { };
        _value.SetValue(own, typed);
        _ofKind.SetValue(changed, own);
        return changed;
    }

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

    private static LimitSetting Get(string property) => All.First(setting => setting._value.Name == property);

    private string Fault(string shown) => Shape switch
    {
        Kind.Switch => $"{Name} is {shown}: set {Meaning}, or 0.",
        Kind.Rate => $"{Name} is {shown}: set {Meaning}, from 0 (no limit) to {MaxValue:0}, such as 10 or 0.5.",
        Kind.Burst => $"{Name} is {shown}: set {Meaning}, a whole number from 1 to {MaxValue:0}.",
        Kind.Members => $"{Name} is {shown}: set {Meaning}, a whole number from {MinMembers:0} to {MaxMembers:0}.",
        _ => $"{Name} is {shown}: set {Meaning}, a whole number from 0 (no limit) to {MaxValue:0}.",
    };
}
