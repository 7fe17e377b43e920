namespace Tutti.Control.State;

/// <summary>Numbers of instances as messages spell them.</summary>
internal static class Counted
{
    /// <summary><c>1 instance</c>, <c>2 instances</c>.</summary>
    public static string Instances(int number) => number == 1 ? "1 instance" : $"{number} instances";

    /// <summary><c>1 instance is healthy</c>, <c>2 instances are healthy</c>.</summary>
    public static string Instances(int number, string state) => $"{Instances(number)} {(number == 1 ? "is" : "are")} {state}";
}
