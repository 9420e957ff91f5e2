using Chat.Scenario.Devices;

namespace Chat.Scenario.Stage;

/// <summary>Somebody of the day, with an account and devices.</summary>
internal sealed class Person(int index, string name, string login, Device[] devices)
{
    public int Index { get; } = index;

    public string Name { get; } = name;

    public string Login { get; } = login;

    public IReadOnlyList<Device> Devices { get; } = devices;

    /// <summary>Known once the first device has signed in.</summary>
    public long Id { get; set; }

    public override string ToString() => Name;
}
